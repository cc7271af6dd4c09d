# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced, after cmake/packages.sh, by what drives real browsers.

# Left to drive; --without takes one away.
corsac_browsers=(chromium firefox)

corsac_without_browser() {
    local browser kept=()
    for browser in ${corsac_browsers[@]+"${corsac_browsers[@]}"}; do
        [ "$browser" = "$1" ] || kept+=("$browser")
    done
    [ ${#kept[@]} -lt ${#corsac_browsers[@]} ] || corsac_die "there is no browser '$1' to leave out"
    [ ${#kept[@]} -gt 0 ] || corsac_die "no browser is left to test with"
    corsac_browsers=("${kept[@]}")
}

# corsac_first COMMAND...: where the first of them is.
corsac_first() {
    local name
    for name in "$@"; do
        if command -v "$name"; then return 0; fi
    done
    corsac_die "none of these is installed: $*"
}

# corsac_need_browsers PURPOSE...: installs what these purposes and the browsers need, and finds the
# latter. A browser that is neither left out nor to be had is an error.
corsac_need_browsers() {
    local browser override needs=("$@")
    for browser in "${corsac_browsers[@]}"; do
        override=CORSAC_${browser^^}
        [ -n "${!override:-}" ] || needs+=("$browser")
    done
    corsac_need "${needs[@]}"
    for browser in "${corsac_browsers[@]}"; do
        case $browser in
        chromium)
            CORSAC_CHROMIUM=${CORSAC_CHROMIUM:-$(corsac_first chromium chromium-browser google-chrome)}
            export CORSAC_CHROMIUM
            ;;
        firefox)
            CORSAC_FIREFOX=${CORSAC_FIREFOX:-$(corsac_first firefox-esr firefox)}
            export CORSAC_FIREFOX
            ;;
        esac
    done
}

# corsac_install_driver DIR FILE...: copies the scripts to a folder outside the tree, where their
# packages may be.
corsac_install_driver() {
    local dir=$1 here=$corsac_root/tests/browser
    shift
    mkdir -p "$dir"
    cp "$here"/*.mjs "$here/package.json" "$here/.npmrc" "$@" "$dir"
    if [ -d "$dir/node_modules" ] && cmp -s "$here/package-lock.json" "$dir/package-lock.json"; then
        return 0
    fi
    rm -rf "$dir/node_modules"
    cp "$here/package-lock.json" "$dir"
    if ! (cd "$dir" && npm ci --ignore-scripts --no-audit --no-fund) >&2; then
        rm -f "$dir/package-lock.json"
        corsac_die "npm could not install puppeteer-core"
    fi
}

# corsac_start NAME COMMAND...: runs a server until the script ends; sets corsac_started to its first
# line of output.
corsac_work=$(mktemp -d)
corsac_pids=()
corsac_stop() {
    local pid
    for pid in ${corsac_pids[@]+"${corsac_pids[@]}"}; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$corsac_work"
}
trap corsac_stop EXIT
trap 'exit 130' INT TERM

corsac_start() {
    local name=$1 tries
    shift
    : >"$corsac_work/$name.out"  # the loop may look before the shell in the background opens it
    "$@" >"$corsac_work/$name.out" 2>"$corsac_work/$name.err" &
    corsac_pids+=($!)
    for ((tries = 0; tries < 600; tries++)); do
        corsac_started=$(sed -n '1{p;q}' "$corsac_work/$name.out")
        [ -z "$corsac_started" ] || return 0
        kill -0 "${corsac_pids[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    cat "$corsac_work/$name.err" >&2
    corsac_die "$name did not start"
}
