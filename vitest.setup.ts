import { execFileSync } from 'node:child_process'

/** Child processes run compiled JavaScript, so a test run always compiles first. */
export default function build(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })
}
