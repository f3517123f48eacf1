#include "vconout/texts.h"

#include "vconout/call_fields.h"

namespace tapestry::vconout {

void add_texts(Json& dialogs, const calls::Interaction& interaction, const std::string& interaction_id) {
  for (const calls::TextMessage& text : interaction.texts.list) {
    Json object = Json::object();
    object["type"] = "text";
    object["start"] = to_rfc3339(text.time);
    object["duration"] = 0;
    object["parties"] = text.party;
    add_text(object, "mediatype", text.mediatype);
    add_text(object, "body", text.text);
    object["encoding"] = "none";
    add_text(object, "interaction_id", interaction_id);
    add_call_fields(object, interaction, text.time);
    dialogs.push_back(std::move(object));
  }
}

}  // namespace tapestry::vconout
