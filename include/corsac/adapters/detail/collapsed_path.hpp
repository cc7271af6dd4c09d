// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DETAIL_COLLAPSED_PATH_HPP
#define CORSAC_ADAPTERS_DETAIL_COLLAPSED_PATH_HPP

#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::detail {

/// A path as routers see it that overlook empty elements: repeated slashes as one, and none at the
/// end.
[[nodiscard]] inline std::string collapsed_path(std::string_view path) {
    std::string collapsed{"/"};
    for (const char c : path) {
        if (c != '/' || collapsed.back() != '/') collapsed.push_back(c);
    }
    if (collapsed.size() > 1 && collapsed.back() == '/') collapsed.pop_back();
    return collapsed;
}

}  // namespace corsac::inline v0_2_0::detail

#endif
