// SPDX-License-Identifier: MIT
// One program, two libraries, each made with a release of its own. The later one calls an allowed
// request by another name: were a function shared, both would say the same.
#include <cstdio>
#include <string>

std::string said_by_older();
std::string said_by_newer();

static std::string type_of(const std::string& said) { return said.substr(said.rfind(' ')); }

int main() {
    const std::string older = said_by_older();
    const std::string newer = said_by_newer();
    std::printf("%s\n%s\n", older.c_str(), newer.c_str());
    return older.starts_with("8 204 allowed ") && newer.starts_with("9 204 permitted ") &&
                   type_of(older) != type_of(newer)
               ? 0
               : 1;
}
