#include "sipparse/dialog_info.h"

#include "sipparse/text.h"
#include "sipparse/xml.h"

namespace tapestry::sip {
namespace {

DialogEnd read_end(const XmlElement* element) {
  DialogEnd end;
  if (element == nullptr) return end;
  if (const XmlElement* identity = element->child("identity")) {
    end.identity = identity->text;
    end.display = identity->attribute("display");
  }
  const XmlElement* target = element->child("target");
  if (target == nullptr) return end;
  end.target = target->attribute("uri");
  for (const XmlElement& param : target->children) {
    // The package's examples write pname and pval, its schema the same; some phones write name and value.
    const bool longer = param.attribute("pname").empty();
    if (equals_ignore_case(param.attribute(longer ? "name" : "pname"), "+sip.rendering")) {
      end.rendering = param.attribute(longer ? "value" : "pval");
    }
  }
  return end;
}

DialogState read_dialog(const XmlElement& element) {
  DialogState dialog;
  dialog.id = element.attribute("id");
  dialog.call_id = element.attribute("call-id");
  dialog.local_tag = element.attribute("local-tag");
  dialog.remote_tag = element.attribute("remote-tag");
  dialog.direction = element.attribute("direction");
  if (const XmlElement* state = element.child("state")) {
    dialog.state = state->text;
    dialog.event = state->attribute("event");
    dialog.code = state->attribute("code");
  }
  dialog.duration = element.child_text("duration");
  if (const XmlElement* replaces = element.child("replaces")) dialog.replaces = replaces->attribute("call-id");
  dialog.referred_by = element.child_text("referred-by");
  dialog.local = read_end(element.child("local"));
  dialog.remote = read_end(element.child("remote"));
  return dialog;
}

}  // namespace

std::optional<DialogInfo> parse_dialog_info(std::string_view document) {
  const auto root = parse_xml(document);
  if (!root || root->name != "dialog-info") return std::nullopt;
  DialogInfo info{.entity = std::string(root->attribute("entity")),
                  .version = std::string(root->attribute("version")),
                  .state = std::string(root->attribute("state")),
                  .dialogs = {}};
  for (const XmlElement& element : root->children) {
    if (element.name == "dialog" && info.dialogs.size() < kMaxDialogsInfo) {
      info.dialogs.push_back(read_dialog(element));
    }
  }
  return info;
}

}  // namespace tapestry::sip
