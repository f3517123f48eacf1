#include "vconout/notes.h"

#include <string>

#include "vconout/utf8.h"

namespace tapestry::vconout {
namespace {

Json entry_of(const calls::Note& note) {
  Json object = Json::object();
  object["time"] = to_rfc3339(note.time);
  add_text(object, "call_id", note.call_id);
  object["source"] = note.source.to_string();
  object["destination"] = note.destination.to_string();
  add_text(object, "message", note.message);
  for (const calls::NoteField& field : note.fields) object[std::string(field.name)] = to_utf8(field.value);
  return object;
}

}  // namespace

Json notes_of(const calls::Notes& notes, calls::NoteKind kind) {
  Json entries = Json::array();
  for (const calls::Note& note : notes.list) {
    if (note.kind == kind) entries.push_back(entry_of(note));
  }
  if (entries.empty()) return nullptr;
  Json body = Json::object();
  body["entries"] = std::move(entries);
  add_count(body, "left_out", notes.left_out[static_cast<std::size_t>(kind)]);
  return body;
}

}  // namespace tapestry::vconout
