// CommonJS, because the build puts all of a victim into this one file: it then starts in half the time.
void import('./victim.ts')
