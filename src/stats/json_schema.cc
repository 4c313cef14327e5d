// The JSON schema of the statistics and of the process information, as haproxy 2.6 publishes it.
#include "stats/dump.h"

namespace ddbproxy::stats {
namespace {

constexpr char schema[] =
    R"_({"$schema":"http://json-schema.org/draft-04/schema#","oneOf":[{"title":"Info","type":"array","items":{"title)_"
    R"_(":"InfoItem","type":"object","properties":{"field":{"$ref":"#/definitions/field"},"processNum":{"$ref":)_"
    R"_("#/definitions/processNum"},"tags":{"$ref":"#/definitions/tags"},"value":{"$ref":"#/definitions/typedValue)_"
    R"_("}},"required":["field","processNum","tags","value"]}},{"title":"Stat","type":"array","items":{"title":)_"
    R"_("InfoItem","type":"object","properties":{"objType":{"enum":["Frontend","Backend","Listener","Server",)_"
    R"_("Unknown"]},"proxyId":{"type":"integer","minimum":0},"id":{"type":"integer","minimum":0},"field":{"$ref":)_"
    R"_("#/definitions/field"},"processNum":{"$ref":"#/definitions/processNum"},"tags":{"$ref":"#/definitions/tags"})_"
    R"_(,"typedValue":{"$ref":"#/definitions/typedValue"}},"required":["objType","proxyId","id","field","processNum")_"
    R"_(,"tags","value"]}},{"title":"Error","type":"object","properties":{"errorStr":{"type":"string"}},"required":[)_"
    R"_("errorStr"]}],"definitions":{"field":{"type":"object","pos":{"type":"integer","minimum":0},"name":{"type":)_"
    R"_("string"},"required":["pos","name"]},"processNum":{"type":"integer","minimum":1},"tags":{"type":"object",)_"
    R"_("origin":{"type":"string","enum":["Metric","Status","Key","Config","Product","Unknown"]},"nature":{"type":)_"
    R"_("string","enum":["Gauge","Limit","Min","Max","Rate","Counter","Duration","Age","Time","Name","Output","Avg")_"
    R"_(, "Unknown"]},"scope":{"type":"string","enum":["Cluster","Process","Service","System","Unknown"]},"required)_"
    R"_(":["origin","nature","scope"]},"typedValue":{"type":"object","oneOf":[{"$ref":)_"
    R"_("#/definitions/typedValue/definitions/s32Value"},{"$ref":"#/definitions/typedValue/definitions/s64Value"},{)_"
    R"_("$ref":"#/definitions/typedValue/definitions/u32Value"},{"$ref":)_"
    R"_("#/definitions/typedValue/definitions/u64Value"},{"$ref":"#/definitions/typedValue/definitions/strValue"}],)_"
    R"_("definitions":{"s32Value":{"properties":{"type":{"type":"string","enum":["s32"]},"value":{"type":"integer",)_"
    R"_("minimum":-2147483648,"maximum":2147483647}},"required":["type","value"]},"s64Value":{"properties":{"type":{)_"
    R"_("type":"string","enum":["s64"]},"value":{"type":"integer","minimum":-9007199254740991,"maximum)_"
    R"_(":9007199254740991}},"required":["type","value"]},"u32Value":{"properties":{"type":{"type":"string","enum":[)_"
    R"_("u32"]},"value":{"type":"integer","minimum":0,"maximum":4294967295}},"required":["type","value"]},"u64Value)_"
    R"_(":{"properties":{"type":{"type":"string","enum":["u64"]},"value":{"type":"integer","minimum":0,"maximum)_"
    R"_(":9007199254740991}},"required":["type","value"]},"strValue":{"properties":{"type":{"type":"string","enum":[)_"
    R"_("str"]},"value":{"type":"string"}},"required":["type","value"]},"unknownValue":{"properties":{"type":{"type)_"
    R"_(":"integer","minimum":0},"value":{"type":"string","enum":["unknown"]}},"required":["type","value)_"
    R"_("]}}}}})_";

}  // namespace

void write_json_schema(std::string& out) { out += schema; }

}  // namespace ddbproxy::stats
