// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_YAML_EVENTS_HPP
#define CORSAC_INTEROP_DOCUMENT_YAML_EVENTS_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/document_builder.hpp>
#include <corsac/interop/document/problem.hpp>
#include <corsac/interop/document/yaml_cpp.hpp>

#include <cstddef>
#include <istream>
#include <map>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// Bytes that yaml-cpp may read before it says what they are. Of a list or map in brackets it says
/// nothing until the last one is closed, and holds some 140 times their size in memory meanwhile.
inline constexpr std::size_t max_yaml_piece = std::size_t{1} << 19;

namespace detail {

/// A text for a parser that is to give up where it reads too far ahead.
class guarded_text : public std::streambuf {
public:
    guarded_text(std::string_view text, document_builder& builder)
        : left_(text), builder_(&builder) {}

    void made_progress() noexcept { pending_ = 0; }

protected:
    int_type underflow() override {
        if (pending_ >= max_yaml_piece) {
            builder_->fail("a text, or a list or map in brackets, has more than " +
                           std::to_string(max_yaml_piece) +
                           " bytes; write what is in brackets in lines, or read JSON as JSON");
        }
        if (left_.empty() || builder_->stopped()) return traits_type::eof();
        const std::size_t size = left_.size() < sizeof(piece_) ? left_.size() : sizeof(piece_);
        left_.copy(piece_, size);
        left_.remove_prefix(size);
        pending_ += size;
        setg(piece_, piece_, piece_ + size);
        return traits_type::to_int_type(*piece_);
    }

private:
    std::string_view left_;
    document_builder* builder_;
    std::size_t pending_ = 0;
    char piece_[4096] = {};
};

/// The types of yaml-cpp that its handlers get.
template <class Function>
struct yaml_types;
template <class Handler, class Mark, class Anchor, class Style>
struct yaml_types<void (Handler::*)(const Mark&, const std::string&, Anchor, Style)> {
    using mark = Mark;
    using anchor = Anchor;
    using style = Style;
};

/// Builds documents of yaml-cpp's events.
template <class EventHandler>
class yaml_events final : public EventHandler {
    using types = yaml_types<decltype(&EventHandler::OnMapStart)>;
    using mark = typename types::mark;
    using anchor = typename types::anchor;
    using style = typename types::style;

public:
    yaml_events(document_builder& builder, guarded_text& text) : builder_(&builder), text_(&text) {}

    void OnDocumentStart(const mark& at) override {
        anchors_.clear();
        open_.clear();
        builder_->start();
        // Before a stray comma yaml-cpp finds empty documents without end.
        const bool again = at.pos == began_;
        began_ = at.pos;
        if (again) {
            builder_->fail("line " + std::to_string(at.line + 1) +
                           " has a comma that belongs to nothing");
        }
    }
    void OnDocumentEnd() override {}
    void OnNull(const mark&, anchor id) override { scalar("?", {}, id, document_kind::null); }
    void OnScalar(const mark&, const std::string& tag, anchor id,
                  const std::string& value) override {
        scalar(tag, value, id, yaml_scalar_kind(tag, value));
    }
    void OnAlias(const mark&, anchor id) override {
        if (!proceed()) return;
        const auto found = anchors_.find(id);
        if (found == anchors_.end()) return builder_->fail_next("an anchor contains itself");
        const document& named = found->second;
        const bool is_text = named.kind() != document_kind::list &&
                             named.kind() != document_kind::map && !named.is_null();
        if (takes_key(is_text ? named.text() : "?", false)) return;
        builder_->repeat(named);
        complete(0);
    }
    void OnSequenceStart(const mark&, const std::string&, anchor id, style) override {
        begin(document_kind::list, id);
    }
    void OnMapStart(const mark&, const std::string&, anchor id, style) override {
        begin(document_kind::map, id);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapEnd() override { end(); }

private:
    struct level {
        bool is_map;
        bool wants_key;
        anchor id;
    };

    /// Whether events are still of use; says that there was one.
    [[nodiscard]] bool proceed() {
        text_->made_progress();
        return !builder_->stopped() && in_key_ == 0;
    }
    /// Takes a value that stands where a key is expected. @return  Whether it was one.
    [[nodiscard]] bool takes_key(const std::string& name, bool merges) {
        if (open_.empty() || !open_.back().is_map || !open_.back().wants_key) return false;
        open_.back().wants_key = false;
        builder_->key(name, merges);
        return true;
    }
    void scalar(const std::string& tag, const std::string& value, anchor id, document_kind kind) {
        if (!proceed()) return;
        const bool plain = tag == "?" || tag.empty();
        if (takes_key(kind == document_kind::null && plain ? "?" : value, plain && value == "<<")) {
            if (id != 0) anchors_.insert_or_assign(id, document(value));
            return;
        }
        builder_->scalar(kind, yaml_scalar_text(kind, value));
        complete(id);
    }
    void begin(document_kind kind, anchor id) {
        if (in_key_ != 0) ++in_key_;
        if (!proceed()) return;
        // A key that is no scalar is in no manifest, and is reported as unknown.
        if (takes_key("?", false)) {
            in_key_ = 1;
            return;
        }
        builder_->begin(kind);
        open_.push_back({kind == document_kind::map, true, id});
    }
    void end() {
        const bool of_key = in_key_ != 0;
        if (!proceed()) {
            if (of_key) --in_key_;
            return;
        }
        const anchor id = open_.back().id;
        open_.pop_back();
        builder_->end();
        complete(id);
    }
    /// After each value.
    void complete(anchor id) {
        if (!open_.empty()) open_.back().wants_key = true;
        if (id == 0 || builder_->stopped()) return;
        anchors_.insert_or_assign(id, builder_->keep_last());
    }

    document_builder* builder_;
    guarded_text* text_;
    int began_ = -1;  ///< where the last document did
    std::vector<level> open_{};
    std::map<anchor, document> anchors_{};  ///< complete ones
    std::size_t in_key_ = 0;                ///< levels within a key that is no scalar
};

}  // namespace detail

/// Reads the documents of a YAML text, as yaml-cpp's parser comes upon their values; of its tree,
/// which takes some 70 times the size of the text, nothing is made. Nothing of yaml-cpp is included
/// here: the caller has it.
///
/// ```
/// documents = corsac::interop::read_yaml<YAML::Parser, YAML::EventHandler>(text, problems);
/// ```
/// @param problems  Gets what is wrong with the text; then documents are missing or null.
///
/// Errors: throws what yaml-cpp throws where the text is no YAML; not for what is in `problems`.
/// Cost:   linear; memory some ten times the text, and never more than some 150 MB.
template <class Parser, class EventHandler>
[[nodiscard]] std::vector<document> read_yaml(std::string_view text, manifest_problems& problems) {
    std::vector<document> documents;
    if (!accepts_size(text.size(), problems)) return documents;
    document_builder builder(problems);
    detail::guarded_text buffer(text, builder);
    std::istream in(&buffer);
    detail::yaml_events<EventHandler> events(builder, buffer);
    Parser parser(in);
    while (!builder.stopped() && parser.HandleNextDocument(events)) {
        documents.push_back(builder.finish());
    }
    return documents;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
