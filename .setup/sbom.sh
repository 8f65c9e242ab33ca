#!/usr/bin/env bash
# sbom.sh: what the program is made of, as CycloneDX JSON, in target/sbom. Twice the same of the same lock file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
.setup/setup.sh sbom
tools=${CONSOLE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/channel-console}
export PATH="$tools/rust/bin:$tools/bin:$PATH" SOURCE_DATE_EPOCH=0
mkdir -p target/sbom
cargo metadata --locked --format-version 1 >/dev/null
# It writes one beside each manifest of the workspace; the program's is of everything that a build may take in, for the
# server and for the browser.
trap 'find . -path ./target -prune -o -name channel-console.cdx.json -exec rm -f {} +' EXIT
cargo cyclonedx --quiet --manifest-path server/Cargo.toml --format json --spec-version 1.5 --target all --no-build-deps \
  --override-filename channel-console.cdx
# Its serial number is drawn by chance, and where the checkout lies is nobody's business.
sed -e '/"serialNumber":/d' -e "s|file://$PWD|file://|g" server/channel-console.cdx.json >target/sbom/channel-console.cdx.json
echo "target/sbom/channel-console.cdx.json: $(grep -c '"purl": "pkg:cargo/' target/sbom/channel-console.cdx.json) packages"
