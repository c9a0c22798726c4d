// What a test sees must not depend on where it runs: CI and some terminals ask every program for colours,
// and GitHub's runner for annotations.
for (const name of Object.keys(process.env)) {
  if (/^(CI|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|COLORTERM|GITHUB_.*|RUNNER_.*)$/.test(name))
    delete process.env[name]
}
process.env.NO_COLOR = '1'
