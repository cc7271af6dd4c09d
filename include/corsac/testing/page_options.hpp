// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_PAGE_OPTIONS_HPP
#define CORSAC_TESTING_PAGE_OPTIONS_HPP

// Tested in tests/testing/browser.test.cpp.

#include <corsac/testing/quirks.hpp>

#include <string>

namespace corsac::inline v0::testing {

/// Where the script runs.
enum class page_context {
    /// A document of the page's origin. A `blob:` document and a `srcdoc` frame are the same.
    document,
    /// A sandboxed frame, a `data:` document or a local file. Its origin is `null`, and even its
    /// own server is another origin to it.
    opaque,
};

struct page_options {
    /// The page's URL; an origin alone is enough.
    std::string url{};
    page_context context = page_context::document;
    testing::quirks quirks{};
};

}  // namespace corsac::inline v0::testing

#endif
