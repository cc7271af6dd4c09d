// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_DOCUMENT_BUILDER_HPP
#define CORSAC_INTEROP_DOCUMENT_DOCUMENT_BUILDER_HPP

// Tested in tests/interop/document/document.test.cpp.

#include <corsac/detail/printable.hpp>
#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/problem.hpp>

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// Makes documents of what a parser says, one value after the other, within the limits for all of
/// them. What goes beyond these ends everything: it is told once, and nothing more is taken.
class document_builder {
public:
    /// @param problems  Gets what is wrong with a document; then it is null.
    explicit document_builder(manifest_problems& problems) : problems_(&problems) {}

    void start() {
        errors_ = problems_->errors();
        where_ = "document " + std::to_string(++documents_);
        path_.clear();
        open_.clear();
        root_ = {};
    }
    [[nodiscard]] document finish() {
        open_.clear();
        return problems_->errors() == errors_ ? std::move(root_) : document{};
    }

    /// The key of the value that follows, in a map.
    ///
    /// @param merges  Whether it is YAML's merge key. Then, if the value is a map or a list of
    /// maps,
    ///                the map that it is in gets their keys, after its own, which win.
    /// Spec: https://yaml.org/type/merge.html
    void key(std::string_view name, bool merges) {
        if (stopped_ || !takes(name.size()) || !is_text(name)) return;
        level& map = open_.back();
        if (map.value.size() + map.merged.size() == max_document_keys) return stop_for_keys();
        path_.resize(map.path_size);
        if (map.path_size != 0) path_ += '.';
        path_ += name;
        map.merges = merges;
        map.key = name;
        if (!merges && map.value.find(name) != nullptr) {
            problems_->error(where_, path_, "this key is in the map twice");
        }
    }
    void scalar(document_kind kind, std::string text) {
        if (!enter() || !takes(text.size()) || !is_text(text)) return;
        add(document::scalar(kind, std::move(text)));
    }
    void begin(document_kind list_or_map) {
        if (!enter()) return;
        if (open_.size() == max_document_depth) {
            path_.resize(path_.size() < 80 ? path_.size() : 80);
            return fail("lists and maps are nested more than " +
                        std::to_string(max_document_depth) + " deep, or an anchor contains itself");
        }
        open_.push_back({document::scalar(list_or_map, {}), {}, false, {}, path_.size()});
    }
    void end() {
        if (stopped_) return;
        if (!open_.back().merged.empty()) merge(open_.back());
        if (stopped_) return;
        document made = std::move(open_.back().value);
        made.shrink_to_fit();
        path_.resize(open_.back().path_size);
        open_.pop_back();
        add(std::move(made));
    }
    /// A value once more, as an alias asks for it.
    void repeat(const document& value) {
        if (stopped_) return;
        if (value.kind() != document_kind::list && value.kind() != document_kind::map) {
            return scalar(value.kind(), value.text());
        }
        begin(value.kind());
        for (std::size_t i = 0; i < value.size() && !stopped_; ++i) {
            if (value.kind() == document_kind::map) key(value.key(i), false);
            repeat(value.item(i));
        }
        end();
    }

    /// The value that was completed last, for an alias to ask for; what is kept counts once more.
    [[nodiscard]] document keep_last() {
        count(*last_);
        return stopped_ ? document{} : *last_;
    }

    /// Ends everything, at the value that would follow.
    void fail_next(std::string message) {
        if (enter()) fail(std::move(message));
    }
    /// Ends everything. What was made stays for whoever is reading it; `finish` gives none of it.
    void fail(std::string message) {
        if (stopped_) return;
        problems_->error(where_, path_, std::move(message));
        stopped_ = true;
    }
    [[nodiscard]] bool stopped() const noexcept { return stopped_; }

private:
    /// A list or map that is not complete.
    struct level {
        document value;
        std::string key;  ///< of the value that follows
        bool merges;      ///< whether that is a merge key
        std::vector<document> merged;
        std::size_t path_size;
    };

    /// Before each value. @return  Whether it is taken.
    [[nodiscard]] bool enter() {
        if (stopped_) return false;
        if (!open_.empty() && open_.back().value.kind() == document_kind::list) {
            path_.resize(open_.back().path_size);
            path_ += '[' + std::to_string(open_.back().value.size()) + ']';
        }
        if (++nodes_ > max_document_nodes) fail_for_nodes();
        return !stopped_;
    }

    void count(const document& value) {
        if (stopped_ || !takes(value.text().size())) return;
        if (++nodes_ > max_document_nodes) return fail_for_nodes();
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (value.kind() == document_kind::map && !takes(value.key(i).size())) return;
            count(value.item(i));
        }
    }

    void add(document value) {
        if (open_.empty()) {
            root_ = std::move(value);
            last_ = &root_;
            return;
        }
        level& in = open_.back();
        if (in.value.kind() == document_kind::list) {
            in.value.push_back(std::move(value));
            last_ = &in.value.item(in.value.size() - 1);
        } else if (in.merges) {
            in.merged.push_back(std::move(value));
            last_ = &in.merged.back();
        } else {
            last_ = &in.value.set(in.key, std::move(value));
        }
    }

    /// Of several maps the first has a key.
    void merge(level& into) {
        std::set<std::string, std::less<>> known;
        for (std::size_t i = 0; i < into.value.size(); ++i) known.insert(into.value.key(i));
        const auto take = [&](document& map) {
            for (std::size_t i = 0; i < map.size() && !stopped_; ++i) {
                if (!known.insert(map.key(i)).second) continue;
                if (into.value.size() == max_document_keys) return stop_for_keys();
                into.value.set(map.key(i), std::move(map.item(i)));
            }
        };
        for (document& value : into.merged) {
            if (value.kind() == document_kind::map) {
                take(value);
            } else if (is_list_of_maps(value)) {
                for (std::size_t i = 0; i < value.size() && !stopped_; ++i) take(value.item(i));
            } else if (!stopped_) {
                into.value.set("<<", std::move(value));
            }
            if (stopped_) return;
        }
    }
    [[nodiscard]] static bool is_list_of_maps(const document& value) noexcept {
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (value.item(i).kind() != document_kind::map) return false;
        }
        return value.kind() == document_kind::list;
    }

    [[nodiscard]] bool takes(std::size_t bytes) {
        if (bytes > max_document_bytes - bytes_) {
            fail("the input's keys and values have more than " +
                 std::to_string(max_document_bytes) + " bytes, repeated aliases included");
        }
        if (!stopped_) bytes_ += bytes;
        return !stopped_;
    }
    /// JSON and YAML have no others, and not every parser looks.
    /// Spec: https://yaml.org/spec/1.2.2/#52-character-encodings
    [[nodiscard]] bool is_text(std::string_view text) {
        if (!corsac::detail::is_utf8(text)) fail("has a text that is not UTF-8");
        return !stopped_;
    }
    void fail_for_nodes() {
        fail("the input has more than " + std::to_string(max_document_nodes) +
             " values, repeated aliases included");
    }
    void stop_for_keys() {
        path_.resize(open_.back().path_size);
        fail("a map has more than " + std::to_string(max_document_keys) + " keys");
    }

    manifest_problems* problems_;
    std::size_t errors_ = 0;
    std::string where_;
    std::string path_;         ///< of the value that is made
    std::vector<level> open_;  ///< around it
    document root_;
    const document* last_ = nullptr;  ///< what was added last
    std::size_t documents_ = 0;
    std::size_t nodes_ = 0;
    std::size_t bytes_ = 0;
    bool stopped_ = false;
};

}  // namespace corsac::inline v0_2_0::interop

#endif
