# SPDX-License-Identifier: MIT
"""`conan create cmake/packaging/conan`, then `requires = "corsac/VERSION"`."""
import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load

required_conan_version = ">=2.0"


class CorsacConan(ConanFile):
    name = "corsac"
    description = "CORS for any C++20 HTTP server"
    license = "MIT AND MPL-2.0"
    topics = ("cors", "http", "web", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    no_copy_source = True

    @property
    def _root(self):
        return os.path.join(self.recipe_folder, "..", "..", "..")

    def set_version(self):
        text = load(self, os.path.join(self._root, "include", "corsac", "version.hpp"))
        self.version = ".".join(re.findall(r"CORSAC_VERSION_\w+ (\d+)", text))

    def export_sources(self):
        copy(self, "include/*", self._root, self.export_sources_folder)
        copy(self, "LICENSE", self._root, self.export_sources_folder)

    def validate(self):
        check_min_cppstd(self, 20)

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        for pattern in ("*.hpp", "*.LICENSE"):
            copy(self, pattern, os.path.join(self.source_folder, "include"),
                 os.path.join(self.package_folder, "include"))

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "corsac")
        for component, target in (("core", "corsac::corsac"), ("interop", "corsac::interop")):
            self.cpp_info.components[component].bindirs = []
            self.cpp_info.components[component].libdirs = []
            self.cpp_info.components[component].set_property("cmake_target_name", target)
        self.cpp_info.components["core"].set_property("pkg_config_name", "corsac")
        self.cpp_info.components["interop"].requires = ["core"]
