#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes corsac in as its users do, one way a call, in a folder of its own; fails as they would."""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGING = ROOT / "cmake" / "packaging"
sys.path.insert(0, str(PACKAGING))
sys.dont_write_bytecode = True
import release  # noqa: E402

VERSION = release.version_of(ROOT)
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]


def run(*command, **options):
    print("+", *command, flush=True)
    return subprocess.run([str(part) for part in command], check=True, **options)


def read(*command):
    return subprocess.run([str(part) for part in command], check=True, text=True,
                          capture_output=True).stdout.strip()


def cmake(work, source, *definitions, build_type="Debug", test=True):
    """Configures, builds and tests somebody's project."""
    run("cmake", "-S", source, "-B", work, f"-DCMAKE_BUILD_TYPE={build_type}",
        *(["-G", "Ninja"] if shutil.which("ninja") else []),
        *(f"-D{name}" for name in definitions))
    run("cmake", "--build", work)
    if test:
        run("ctest", "--test-dir", work, "--output-on-failure", "--no-tests=error")


def install_corsac(args):
    prefix = args.work / "prefix"
    cmake(args.work / "corsac", ROOT, "CORSAC_BUILD_TESTS=OFF", "CORSAC_BUILD_EXAMPLES=OFF",
          f"CMAKE_CXX_COMPILER={args.compiler}", test=False)
    run("cmake", "--install", args.work / "corsac", "--prefix", prefix)
    return prefix


def copy_of_the_tree(folder):
    """What a user's clone has, as far as it matters."""
    for name in ("CMakeLists.txt", "LICENSE", "README.md"):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder)
    for name in ("include", "cmake", ".github"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def repository(args):
    """A repository with this tree as its only commit, tagged as releases are."""
    folder = copy_of_the_tree(args.work / "repository")
    git = ["git", "-C", folder, "-c", "user.name=corsac", "-c", "user.email=corsac@example.com",
           "-c", "init.defaultBranch=main", "-c", "advice.detachedHead=false"]
    run(*git, "init", "-q")
    run(*git, "add", "-A")
    run(*git, "commit", "-q", "-m", "A release")
    run(*git, "tag", f"v{VERSION}")
    return folder


def consumer(args, way, *definitions):
    cmake(args.work / "build", HERE / "consumer", f"CORSAC_WAY={way}", f"CORSAC_VERSION={VERSION}",
          f"CMAKE_CXX_COMPILER={args.compiler}", *definitions)


# --- the ways --------------------------------------------------------------------------------------

def git(args):
    consumer(args, "git", "CORSAC_CORE_ONLY=ON", f"CORSAC_SOURCE={repository(args)}")


def cpm(args):
    consumer(args, "cpm", "CORSAC_CORE_ONLY=ON", f"CORSAC_SOURCE={repository(args)}",
             f"CORSAC_CPM={args.tool}", f"CPM_SOURCE_CACHE={args.work / 'cache'}")


def pkg_config(args):
    # Moved after it was installed, since the file is to be found relative to itself.
    prefix = install_corsac(args).rename(args.work / "moved")
    os.environ["PKG_CONFIG_PATH"] = str(prefix / "share" / "pkgconfig")
    assert read("pkg-config", "--modversion", "corsac") == VERSION
    run("pkg-config", "--validate", "corsac")
    flags = read("pkg-config", "--cflags", "--libs", "corsac").split()
    assert not any(flag.startswith("-l") for flag in flags), flags
    run(args.compiler, "-std=c++20", HERE / "consumer" / "main.cpp", *flags, "-o",
        args.work / "consumer")
    run(args.work / "consumer")


def library(args, vendored):
    prefix = args.work / "prefix" if vendored else install_corsac(args)
    cmake(args.work / "library", HERE / "library", f"CORSAC_SOURCE={ROOT}",
          f"CORSAC_VENDORED={vendored}", f"CORSAC_VERSION={VERSION}",
          f"CMAKE_PREFIX_PATH={prefix}", f"CMAKE_CXX_COMPILER={args.compiler}", test=False)
    run("cmake", "--install", args.work / "library", "--prefix", prefix)
    cmake(args.work / "user", HERE / "library" / "user", f"CMAKE_PREFIX_PATH={prefix}",
          f"CMAKE_CXX_COMPILER={args.compiler}")


def library_package(args):
    library(args, vendored=False)


def library_vendored(args):
    library(args, vendored=True)


def two_versions(args):
    objects = []
    for name, version in (("older", "0.8.0"), ("newer", "0.9.0")):
        tree = copy_of_the_tree(args.work / name)
        if not args.same_namespace:
            release.write(tree, version)
        header = tree / "include/corsac/version.hpp"
        header.write_text(re.sub(r"(VERSION_MINOR) \d+", rf"\1 {version[2]}", header.read_text()))
        if name == "newer":
            header = tree / "include/corsac/decision/decision.hpp"
            text = header.read_text()
            assert text.count('return "allowed";') == 1
            header.write_text(text.replace('return "allowed";', 'return "permitted";'))
        objects.append(args.work / f"{name}.o")
        # Not optimised, so that functions are called and the linker has to choose.
        run(args.compiler, "-std=c++20", *WARNINGS, f"-DNAME={name}", "-I", tree / "include", "-c",
            HERE / "two_versions" / "one.cpp", "-o", objects[-1])
    program = args.work / "program"
    run(args.compiler, "-std=c++20", HERE / "two_versions" / "main.cpp", *objects, "-o", program)
    run(program)


def module(args):
    interface, work = args.work / "corsac.cppm", args.work
    run(sys.executable, PACKAGING / "module.py", interface)
    use = HERE / "module.cpp"
    base = [args.compiler, "-std=c++20", "-I", ROOT / "include"]
    if "clang" in read(args.compiler, "--version").splitlines()[0]:
        run(*base, "--precompile", interface, "-o", work / "corsac.pcm")
        run(args.compiler, "-std=c++20", *WARNINGS, f"-fmodule-file=corsac={work / 'corsac.pcm'}", use,
            work / "corsac.pcm", "-o", work / "use")
    else:
        run(*base, "-fmodules-ts", "-x", "c++", "-c", interface, "-o", "corsac.o", cwd=work)
        run(args.compiler, "-std=c++20", *WARNINGS, "-fmodules-ts", use, "corsac.o", "-o", "use",
            cwd=work)
    run(work / "use")


def meson(args):
    project = args.work / "project"
    shutil.copytree(HERE / "consumer", project)
    shutil.copy(HERE / "meson.build", project)
    subprojects = project / "subprojects"
    shutil.copytree(PACKAGING / "meson", subprojects)
    # All that a user changes: whose repository it is.
    wrap = subprojects / "corsac.wrap"
    text = wrap.read_text()
    assert text.count("url = https://git.example/corsac.git") == 1
    wrap.write_text(text.replace("https://git.example/corsac.git", f"file://{repository(args)}"))
    os.environ["CXX"] = args.compiler
    run(args.tool, "setup", project / "build", project)
    run(args.tool, "test", "-C", project / "build")
    assert VERSION in read(args.tool, "introspect", "--projectinfo", project / "build")


def conan(args):
    os.environ["CONAN_HOME"] = str(args.work / "home")
    os.environ["CXX"] = args.compiler
    run(args.tool, "profile", "detect")
    run(args.tool, "create", PACKAGING / "conan", "-s", "compiler.cppstd=20")
    packages = args.work / "packages"
    run(args.tool, "install", f"--requires=corsac/{VERSION}", "-s", "compiler.cppstd=20", "-g",
        "CMakeDeps", "-g", "CMakeToolchain", "-g", "PkgConfigDeps", "--output-folder", packages)
    consumer(args, "package", f"CMAKE_TOOLCHAIN_FILE={packages / 'conan_toolchain.cmake'}",
             "CMAKE_BUILD_TYPE=Release")  # the profile's
    os.environ["PKG_CONFIG_PATH"] = str(packages)
    assert read("pkg-config", "--modversion", "corsac") == VERSION


def vcpkg(args):
    """Not vcpkg, which is no package of any registry: its functions, played by vcpkg_stand_in.cmake,
    so that the port's own lines and its paths are tried."""
    manifest = json.loads((PACKAGING / "vcpkg" / "vcpkg.json").read_text())
    assert manifest["version"] == VERSION
    installed = args.work / "installed"
    run("cmake", f"-DPORT={PACKAGING / 'vcpkg' / 'portfile.cmake'}", f"-DCURRENT_PACKAGES_DIR={installed}",
        f"-DWORK={args.work}", "-DPORT_NAME=corsac", "-P", HERE / "vcpkg_stand_in.cmake")
    assert sorted(path.name for path in installed.iterdir()) == ["include", "share"]
    assert sorted(path.name for path in (installed / "share").iterdir()) == ["corsac", "pkgconfig"]
    assert "Mozilla Public License" in (installed / "share/corsac/copyright").read_text()
    consumer(args, "package", f"CMAKE_PREFIX_PATH={installed}")


WAYS = [git, cpm, pkg_config, library_package, library_vendored, two_versions, module, meson, conan,
        vcpkg]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=[way.__name__ for way in WAYS])
    parser.add_argument("--work", type=pathlib.Path, required=True, help="emptied first")
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--tool", help="meson, conan, or the file CPM.cmake")
    parser.add_argument("--same-namespace", action="store_true",
                        help="show that two_versions fails where both have one inline namespace")
    args = parser.parse_args()
    args.work = args.work.resolve()
    shutil.rmtree(args.work, ignore_errors=True)
    args.work.mkdir(parents=True)
    try:
        next(way for way in WAYS if way.__name__ == args.way)(args)
    except subprocess.CalledProcessError as error:
        print(error, error.stdout or "", error.stderr or "")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
