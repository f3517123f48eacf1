#include "sealed.h"

namespace tapestry::verify {

nlohmann::json good_vcon() {
  return nlohmann::json::parse(R"({
  "vcon": "0.4.0", "uuid": "019f15a6-a752-826f-bb82-041452eb905f", "extensions": ["CC"], "critical": [],
  "created_at": "2026-11-20T08:20:00Z", "updated_at": "2026-11-20T08:20:03.5Z", "subject": "a test",
  "redacted": {"uuid": "x", "type": "PCI", "url": "https://rec.example.com/less", "content_hash": ["a"]},
  "parties": [
    {"tel": "+12025550101", "role": "customer", "type": "person", "validation": "none", "uuid": "c-1"},
    {"sip": "sip:1042@pbx.example.com", "name": "Agent A", "org": "Acme", "dept": "Sales", "did": "did:x", "stir": "x"},
    {"mailto": "b@example.com", "gmlpos": "1 2", "civicaddress": {"country": "us", "a1": "NY", "pc": "1"}}],
  "dialog": [
    {"type": "recording-set", "start": "2026-11-20T08:00:00Z", "duration": 60, "parties": [0, 1], "recordings": [1],
     "session_id": {"local": "ab30317f1a784dc48ff824d0d3715d86", "remote": "47755a9de7794ba387653f2099600ef2"},
     "party_history": [
       {"party": 0, "time": "2026-11-20T08:00:00Z", "event": "join"},
       {"party": 1, "time": "2026-11-20T08:00:10Z", "event": "keydown", "button": "1"},
       {"party": 0, "time": "2026-11-20T08:01:00Z", "event": "drop"}]},
    {"type": "recording", "start": "2026-11-20T08:00:00Z", "duration": 60.0, "parties": [0, [1, 2], null], "originator": 1,
     "recording_set": 0, "mediatype": "audio/ogg", "filename": "x.ogg", "url": "https://rec.example.com/m/x.ogg",
     "content_hash": "sha512-GLy6IPaIUM1GqzZqfIPZlWjaDsNgNvZM0iCONNThnH0a75fhUM6cYzLZ5GynSURREvZwmOh54-2lRRieyj82UQ",
     "session_id": [{"local": "a"}, [{"remote": "b"}, {}]], "application": "pbx", "message_id": "m", "skill": "billing"},
    {"type": "transfer", "transferee": 0, "transferor": 1, "transfer_target": 2, "original": 0, "consultation": 3, "target_dialog": 3},
    {"type": "incomplete", "start": "2026-11-20T08:02:00Z", "duration": 5, "parties": 0, "disposition": "busy"},
    {"type": "text", "start": "2026-11-20T08:03:00+01:00", "parties": [1], "mediatype": "text/plain", "encoding": "none", "body": "hi"}],
  "analysis": [
    {"type": "report", "vendor": "Acme", "dialog": 0, "attachment": [0], "mediatype": "application/json", "filename": "r",
     "product": "p", "schema": "s", "encoding": "json", "body": {"a": 1}},
    {"type": "summary", "vendor": "Acme", "dialog": [0, 1], "attachment": 0, "url": "https://rec.example.com/a", "content_hash": "a"}],
  "attachments": [
    {"purpose": "recording-gaps", "start": "2026-11-20T08:00:00Z", "party": 0, "dialog": 1, "mediatype": "application/json",
     "filename": "g", "encoding": "json", "body": {"gaps": [
       {"reason": "pci", "start": "2026-11-20T08:00:20Z", "end": "2026-11-20T08:00:30.25Z"},
       {"reason": "loss", "start": "2026-11-20T08:00:40Z", "end": "2026-11-20T08:00:41Z"}]}},
    {"start": "2026-11-20T08:00:00Z", "party": 1, "dialog": 0, "url": "https://rec.example.com/b", "content_hash": "b"}]
})");
}

}  // namespace tapestry::verify
