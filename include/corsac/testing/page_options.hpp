// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_PAGE_OPTIONS_HPP
#define CORSAC_TESTING_PAGE_OPTIONS_HPP

// Tested in tests/testing/browser.test.cpp.

#include <corsac/testing/quirks.hpp>

#include <string>

namespace corsac::inline v0_2_0::testing {

/// Where the script runs.
enum class page_context {
    /// A document of the page's origin. A `blob:` document and a `srcdoc` frame are the same.
    document,
    /// A sandboxed frame or a `data:` document in a page. Its origin is `null`, and even its own
    /// server is another origin to it.
    opaque,
};

/// The page that asks.
struct page_options {
    /// The page's URL; an origin alone is enough. Pages of applications and extensions have
    /// origins, too (`capacitor://localhost`, `chrome-extension://…`); that of a `file:` is `null`.
    std::string url{};
    /// Where the page sends another origin than browsers derive from its URL: Android's WebView
    /// sends `file://` for a file.
    std::string origin{};
    page_context context = page_context::document;
    testing::quirks quirks{};
};

}  // namespace corsac::inline v0_2_0::testing

#endif
