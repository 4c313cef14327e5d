// Words that haproxy 2.6 knows only to say that they are gone, and what to write instead.
#include <array>
#include <fmt/format.h>

#include "config/tables.h"

namespace ddbproxy::config {
namespace {

using model::Global;
using model::Proxy;

/// {p} stands for "parsing [FILE:LINE]", {1} for the next word. One row a word.
struct Obsolete {
  std::string_view name;
  const char* text;
};

constexpr Obsolete proxy_words[] = {
    {"appsession", "{p} : 'appsession' is not supported anymore since HAProxy 1.6."},
    {"block",
     "{p} : The 'block' directive is not supported anymore since HAProxy 2.1. Use 'http-request deny' which uses the "
     "exact same "
     "syntax."},
    {"clitimeout",
     "{p} : the 'clitimeout' directive is not supported anymore since HAProxy 2.1. Use 'timeout client'."},
    {"contimeout",
     "{p} : the 'contimeout' directive is not supported anymore since HAProxy 2.1. Use 'timeout connect'."},
    {"grace", "{p}: the 'grace' keyword is not supported any more since HAProxy version 2.5."},
    {"monitor-net",
     "{p} : 'monitor-net' doesn't exist anymore. Please use 'http-request return status 200 if {{ src {1} }}' "
     "instead."},
    {"redisp", "{p} : keyword 'redisp' directive is not supported anymore since HAProxy 2.1. Use 'option redispatch'."},
    {"redispatch",
     "{p} : keyword 'redispatch' directive is not supported anymore since HAProxy 2.1. Use 'option redispatch'."},
    {"reqadd",
     "{p} : The 'reqadd' directive is not supported anymore since HAProxy 2.1. Use 'http-request add-header' instead."},
    {"reqallow",
     "{p} : The 'reqallow' directive is not supported anymore since HAProxy 2.1. Use 'http-request allow' instead."},
    {"reqdel",
     "{p} : The 'reqdel' directive is not supported anymore since HAProxy 2.1. Use 'http-request del-header' instead."},
    {"reqdeny", "{p} : The 'reqdeny' not supported anymore since HAProxy 2.1. Use 'http-request deny' instead."},
    {"reqiallow",
     "{p} : The 'reqiallow' directive is not supported anymore since HAProxy 2.1. Use 'http-request allow' instead."},
    {"reqidel",
     "{p} : The 'reqidel' directive is not supported anymore since HAProxy 2.1. Use 'http-request del-header' "
     "instead."},
    {"reqideny",
     "{p} : The 'reqideny' directive is not supported anymore since HAProxy 2.1. Use 'http-request deny' instead."},
    {"reqipass", "{p} : The 'reqipass' directive is not supported anymore since HAProxy 2.1."},
    {"reqirep",
     "{p} : The 'reqirep' directive is not supported anymore since HAProxy 2.1. Use 'http-request replace-header' "
     "instead."},
    {"reqitarpit",
     "{p} : The 'reqitarpit' directive is not supported anymore since HAProxy 2.1. Use 'http-request tarpit' instead."},
    {"reqpass", "{p} : The 'reqpass' not supported anymore since HAProxy 2.1."},
    {"reqrep",
     "{p} : The 'reqrep' directive is not supported anymore since HAProxy 2.1. Use 'http-request replace-path', "
     "'http-request "
     "replace-uri' or 'http-request replace-header' instead."},
    {"reqtarpit",
     "{p} : The 'reqtarpit' directive is not supported anymore since HAProxy 2.1. Use 'http-request tarpit' instead."},
    {"rspadd",
     "{p} : The 'rspadd' directive is not supported anymore since HAProxy 2.1. Use 'http-response add-header' "
     "instead."},
    {"rspdel",
     "{p} : The 'rspdel' directive is not supported anymore since HAProxy 2.1. Use 'http-response del-header' ."},
    {"rspdeny",
     "{p} : The 'rspdeny' directive is not supported anymore since HAProxy 2.1. Use 'http-response deny' instead."},
    {"rspidel",
     "{p} : The 'rspidel' directive is not supported anymore since HAProxy 2.1. Use 'http-response del-header' "
     "instead."},
    {"rspideny",
     "{p} : The 'rspideny' directive is not supported anymore since HAProxy 2.1. Use 'http-response deny' instead."},
    {"rspirep",
     "{p} : The 'rspirep' directive is not supported anymore since HAProxy 2.1. Use 'http-response replace-header' "
     "instead."},
    {"rsprep",
     "{p} : The 'rsprep' directive is not supported anymore since HAProxy 2.1. Use 'http-response replace-header' "
     "instead."},
    {"srvtimeout",
     "{p} : the 'srvtimeout' directive is not supported anymore since HAProxy 2.1. Use 'timeout server'."},
};

constexpr Obsolete option_words[] = {
    {"forceclose",
     "{p}: option 'forceclose' is not supported any more since HAProxy 2.0, please just remove it, or use 'option "
     "httpclose' "
     "if absolutely needed."},
    {"http-tunnel",
     "{p}: option 'http-tunnel' is not supported any more since HAProxy 2.1, please just remove it, it shouldn't be "
     "needed."},
};

constexpr Obsolete global_words[] = {
    {"nbproc",
     "{p} : nbproc is not supported any more since HAProxy 2.5. Threads will automatically be used on multi-processor "
     "machines "
     "if available."},
    {"tune.chksize", "{p}: option 'tune.chksize' is not supported any more (tune.bufsize is used instead)."},
};

template <class Target, const auto& words>
void say(Line& line, Target&) {
  const std::string_view name = line.word(line.position() - 1);
  for (const Obsolete& word : words)
    if (word.name == name)
      line.report(Severity::alert,
                  fmt::format(fmt::runtime(word.text), fmt::arg("p", fmt::format("parsing [{}]", line.place())),
                              fmt::arg("1", line.peek())));
}

template <class Target, const auto& words>
constexpr auto make_rows() {
  std::array<Keyword<Target>, std::size(words)> rows{};
  for (size_t i = 0; i < rows.size(); ++i)
    rows[i] = {.name = words[i].name,
               .syntax = "",
               .support = Support::ignored,
               .parse = say<Target, words>,
               .doc = "Gone from haproxy; an error that says what to write instead.",
               .prefixes = Prefixes::no_and_default,
               .misplaced = Misplaced::read};
  return rows;
}

constexpr auto proxy_rows = make_rows<Proxy, proxy_words>();
constexpr auto option_rows = make_rows<Proxy, option_words>();
constexpr auto global_rows = make_rows<Global, global_words>();

}  // namespace

constinit const Table<Proxy> obsolete_table{"obsolete", proxy_rows};
constinit const Table<Proxy> obsolete_option_table{"obsolete", option_rows};
constinit const Table<Global> obsolete_global_table{"obsolete", global_rows};

}  // namespace ddbproxy::config
