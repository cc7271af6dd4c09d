# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by tests/run, examples/run and their kin: what they need from the system, and the few steps
# they share. Nothing here is needed to use corsac.

# One line a need: purpose, how to see that it is there (a command or a file, alternatives after a
# comma; a file's name may have a *), and the Debian/Ubuntu packages that bring it (the first that
# exists is taken).
corsac_needs='
build     cmake                                          cmake
build     g++,clang++,c++                                g++
build     ninja,make                                     ninja-build,make
build     pkg-config                                     pkg-config
tests     python3                                        python3
tests     /usr/include/doctest/doctest.h                 doctest-dev
tests     curl                                           curl
tests     /usr/include/httplib.h                         libcpp-httplib-dev
tests     /usr/include/nlohmann/json.hpp                 nlohmann-json3-dev
interop   /usr/include/yaml-cpp/yaml.h                   libyaml-cpp-dev
interop   /usr/include/nlohmann/json.hpp                 nlohmann-json3-dev
interop   /usr/include/re2/re2.h                         libre2-dev
interop   /usr/include/pugixml.hpp                       libpugixml-dev
interop   /usr/include/libpsl.h                          libpsl-dev
interop   /usr/share/publicsuffix/public_suffix_list.dat publicsuffix
examples  /usr/include/boost/beast.hpp                   libboost1.81-dev,libboost-dev
examples  /usr/include/sqlite3.h                         libsqlite3-dev
examples  sqlite3                                        sqlite3
compilers clang++,clang++-14                             clang,clang-14
envoy     /usr/include/yaml-cpp/yaml.h                   libyaml-cpp-dev
envoy     /usr/include/re2/re2.h                         libre2-dev
envoy     /usr/share/python-wheels                       python3-venv
format    git                                            git
format    /usr/share/python-wheels                       python3-venv
coverage  /usr/share/python-wheels                       python3-venv
branches  clang++,clang++-14                             clang,clang-14
branches  llvm-cov,llvm-cov-14                           llvm,llvm-14
docs      doxygen                                        doxygen
docs      python3                                        python3
packaging git                                            git
packaging /usr/share/python-wheels                       python3-venv
modules   clang++-21,clang++-20,clang++-19,g++-16        clang-19
gateway   /usr/include/yaml-cpp/yaml.h                   libyaml-cpp-dev
gateway   /usr/include/boost/beast.hpp                   libboost1.81-dev,libboost-dev
gateway   curl                                           curl
tenants   /usr/include/boost/beast/http/message_generator.hpp  libboost1.81-dev,libboost-dev
tenants   /usr/include/sqlite3.h                         libsqlite3-dev
tenants   sqlite3                                        sqlite3
tenants   curl                                           curl
demo      curl                                           curl
demo      /usr/include/httplib.h                         libcpp-httplib-dev
adapters  /usr/include/boost/beast/http/message_generator.hpp  libboost1.81-dev,libboost-dev
adapters  /usr/include/Poco/Net/HTTPServer.h             libpoco-dev
adapters  /usr/include/microhttpd.h                      libmicrohttpd-dev
adapters  /usr/include/pistache/endpoint.h               libpistache-dev
adapters  /usr/lib/*/cmake/Qt6/Qt6Config.cmake           qt6-base-dev
adapters  /usr/lib/*/cmake/Qt6WebSockets                 qt6-websockets-dev
adapters  /usr/lib/*/cmake/Qt6HttpServer                 qt6-httpserver-dev
fuzz      clang++,clang++-14                             clang,clang-14
fuzz      /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*  libclang-rt-dev,libclang-rt-14-dev
fuzz      /usr/include/nlohmann/json.hpp                 nlohmann-json3-dev
fuzz      /usr/include/yaml-cpp/yaml.h                   libyaml-cpp-dev
fuzz      /usr/include/re2/re2.h                         libre2-dev
fuzz      /usr/share/python-wheels                       python3-venv
bench     /usr/include/benchmark/benchmark.h             libbenchmark-dev
bench     /usr/include/re2/re2.h                         libre2-dev
bench     valgrind                                       valgrind
bench     /usr/include/valgrind/callgrind.h              valgrind
playground /usr/include/nlohmann/json.hpp                nlohmann-json3-dev
page      /usr/include/nlohmann/json.hpp                 nlohmann-json3-dev
page      node                                           nodejs
page      npm                                            npm
wasm      clang++                                        clang
wasm      /usr/lib/llvm-*/bin/wasm-ld                    lld
wasm      /usr/include/wasm32-wasi/stdlib.h              wasi-libc
wasm      /usr/include/wasm32-wasi/c++/v1/string         libc++-dev-wasm32
wasm      /usr/lib/llvm-*/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a  libclang-rt-dev-wasm32
browser   /usr/include/boost/beast.hpp                   libboost1.81-dev,libboost-dev
browser   /usr/include/nlohmann/json.hpp                 nlohmann-json3-dev
browser   /usr/include/openssl/ssl.h                     libssl-dev
browser   openssl                                        openssl
browser   node                                           nodejs
browser   npm                                            npm
chromium  chromium,chromium-browser,google-chrome        chromium,chromium-browser
firefox   firefox-esr,firefox                            firefox-esr,firefox
'

corsac_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

corsac_say() { printf '%s\n' "$*" >&2; }
corsac_die() { corsac_say "$*"; exit 1; }

# corsac_is_there PROBE[,PROBE...]: is one of them a command or a file?
corsac_is_there() {
    local probe
    for probe in ${1//,/ }; do
        case $probe in
        /*) compgen -G "$probe" >/dev/null && return 0 ;;
        *) command -v "$probe" >/dev/null 2>&1 && return 0 ;;
        esac
    done
    return 1
}

# corsac_missing PURPOSE...: the package column of every need that is not met.
corsac_missing() {
    local purpose probe package
    while read -r purpose probe package; do
        case " $* " in
        *" ${purpose:-.} "*) corsac_is_there "$probe" || printf '%s\n' "$package" ;;
        esac
    done <<<"$corsac_needs"
    if corsac_gcc_is_too_old && ! corsac_newer_gcc >/dev/null; then printf 'g++-12\n'; fi
}

# Ubuntu 22.04's default is GCC 11; corsac needs 12. CXX, if set, is the user's choice.
corsac_gcc_is_too_old() {
    [ -z "${CXX:-}" ] && command -v apt-get >/dev/null 2>&1 && command -v g++ >/dev/null 2>&1 &&
        [ "$(g++ -dumpversion | cut -d. -f1)" -lt 12 ]
}
corsac_newer_gcc() {
    local version
    for version in 14 13 12; do
        if command -v "g++-$version"; then return 0; fi
    done
    return 1
}

# corsac_package PACKAGE[,PACKAGE...]: the first that apt-get knows, or nothing.
corsac_package() {
    local package candidate
    for package in ${1//,/ }; do
        # Not grep -q: it stops reading, and apt-cache then dies of the broken pipe.
        candidate=$(apt-cache policy "$package" | sed -n 's/^ *Candidate: //p')
        [ -z "$candidate" ] || [ "$candidate" = "(none)" ] || { printf '%s\n' "$package"; return; }
    done
}

# corsac_need PURPOSE...: installs what is missing, or says in one line what to install and exits.
corsac_need() {
    local missing package candidates packages=() sudo=()
    missing=$(corsac_missing "$@" | sort -u)
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        # Not Debian or Ubuntu. CMake fetches the libraries; only commands must be there.
        missing=$(grep -v -e '-dev$' -e '^clang' -e '^pkg-config$' <<<"$missing" || true)
        [ -z "$missing" ] || corsac_die "please install: $(tr '\n' ' ' <<<"$missing")"
        return 0
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            corsac_die "please install what is missing: sudo apt-get install" \
                "$(sed 's/,.*//' <<<"$missing" | tr '\n' ' ')"
        fi
        sudo=(sudo -n)
    fi
    corsac_say "installing: $(sed 's/,.*//' <<<"$missing" | tr '\n' ' ')"
    ${sudo[@]+"${sudo[@]}"} apt-get -qq update || corsac_say "apt-get update failed; going on without it"
    for candidates in $missing; do
        package=$(corsac_package "$candidates")
        [ -n "$package" ] ||
            corsac_die "no package among ${candidates//,/, } is known to apt-get: please install one"
        packages+=("$package")
    done
    ${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
        install --no-install-recommends "${packages[@]}" >&2 ||
        corsac_die "apt-get could not install: ${packages[*]}"
    hash -r
}

# corsac_want PURPOSE...: installs what is missing as far as that can be done; what is left out is
# absent from the tests, which say so.
corsac_want() {
    local missing package candidates packages=()
    missing=$(corsac_missing "$@" | sort -u)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        corsac_say "left out, as not installed: $(sed 's/,.*//' <<<"$missing" | tr '\n' ' ')"
        return 0
    fi
    apt-get -qq update || corsac_say "apt-get update failed; going on without it"
    for candidates in $missing; do
        package=$(corsac_package "$candidates")
        if [ -n "$package" ]; then
            packages+=("$package")
        else
            corsac_say "left out, as apt-get knows no ${candidates//,/ or }"
        fi
    done
    [ ${#packages[@]} -gt 0 ] || return 0
    corsac_say "installing: ${packages[*]}"
    env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
        install --no-install-recommends "${packages[@]}" >&2 ||
        corsac_say "apt-get could not install: ${packages[*]}"
}

# corsac_build_dir NAME: a folder outside the tree for one kind of build of this checkout.
corsac_build_dir() {
    local base=${CORSAC_BUILD_DIR:-}
    if [ -z "$base" ]; then
        base=${XDG_CACHE_HOME:-${HOME:-${TMPDIR:-/tmp}}/.cache}/corsac
        base+=/$(printf '%s' "$corsac_root" | cksum | cut -d' ' -f1)
    fi
    printf '%s/%s\n' "$base" "$1"
}

# corsac_python NAME REQUIREMENTS: installs Python packages once, in a folder of their own outside the
# tree, and prints where their commands are.
corsac_python() {
    local folder
    folder=$(corsac_build_dir "$1")
    if ! cmp -s "$2" "$folder/installed.txt"; then
        rm -rf "$folder"
        python3 -m venv "$folder" >&2
        "$folder/bin/pip" --quiet --disable-pip-version-check install -r "$2" >&2
        cp "$2" "$folder/installed.txt"
    fi
    printf '%s/bin\n' "$folder"
}

corsac_jobs() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

# corsac_configure DIR OPTION...: configures once and then leaves reconfiguring to the build itself.
corsac_configure() {
    local dir=$1 arguments=()
    shift
    if [ ! -f "$dir/CMakeCache.txt" ]; then
        if command -v ninja >/dev/null 2>&1; then arguments+=(-G Ninja); fi
        if command -v ccache >/dev/null 2>&1; then
            arguments+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
        fi
        if corsac_gcc_is_too_old; then
            arguments+=("-DCMAKE_CXX_COMPILER=$(corsac_newer_gcc)")
        fi
    fi
    cmake -S "$corsac_root" -B "$dir" ${arguments[@]+"${arguments[@]}"} "$@"
}
