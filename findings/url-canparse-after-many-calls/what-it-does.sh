#!/usr/bin/env bash
# URL.canParse of Node.js 20.20.2 and an internationalized host.
# Expected: the same answer at every call, and the same as `new URL`.
# Seen: true at first; after some thousand calls, when the engine has compiled the caller, false. `new URL` of the same
# address works all the time. A path with such characters is not affected, nor a call with a base.
# What it means: use try { new URL(text) } and never URL.canParse where a host may be written as people write it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --no-audit --no-fund --silent node@20.20.2
cat > see.mjs <<'JS'
const can = (text) => URL.canParse(text)
const address = 'https://bücher.example/'
const before = can(address)
let calls = 0
for (; calls < 200_000; calls++) can('https://plain.example/')
const seen = `${process.version}: before ${before}, after ${calls} calls ${can(address)}, new URL ${new URL(address).host}`
console.log(seen)
process.exitCode = seen === 'v20.20.2: before true, after 200000 calls false, new URL xn--bcher-kva.example' ? 0 : 1
JS
npx --no-install node see.mjs
