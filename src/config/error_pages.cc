#include "config/error_pages.h"

#include <algorithm>
#include <fmt/format.h>

#include "config/context.h"
#include "config/suggest.h"

namespace ddbproxy::config {
namespace {

using model::ErrorFile;
using model::ErrorPages;
using model::ErrorPagesUse;
using model::Proxy;

void take(std::vector<ErrorFile>& pages, const ErrorFile& page) {
  std::erase_if(pages, [&](const ErrorFile& each) { return each.code == page.code; });
  pages.push_back(page);
}

void take(std::vector<ErrorFile>& pages, const ErrorPages& section, const ErrorPagesUse& use) {
  for (const ErrorFile& page : section.files)
    if (use.codes.empty() || std::ranges::find(use.codes, page.code) != use.codes.end()) take(pages, page);
}

void gather(Context& context, Proxy& proxy) {
  const std::vector<ErrorFile> own = std::move(proxy.errorfiles);
  proxy.errorfiles.clear();
  size_t next = 0;
  for (const ErrorPagesUse& use : proxy.error_pages) {
    for (; next < use.behind; ++next) take(proxy.errorfiles, own[next]);
    if (const ErrorPages* section = context.find_error_pages(use.section)) take(proxy.errorfiles, *section, use);
  }
  for (; next < own.size(); ++next) take(proxy.errorfiles, own[next]);
}

void judge(Context& context, const Proxy& proxy, const ErrorPagesUse& use) {
  const ErrorPages* section = context.find_error_pages(use.section);
  if (!section) {
    Suggestion suggestion(use.section);
    for (const ErrorPages& each : context.model->error_pages) suggestion.consider(each.name);
    context.diagnostics
        .add(Severity::alert, use.where,
             fmt::format("proxy '{}': unknown http-errors section '{}' (at {}).", proxy.name, use.section,
                         use.where.file_and_line()))
        .suggestion = suggestion.best();
    return;
  }
  for (const int code : use.codes)
    if (std::ranges::none_of(section->files, [&](const ErrorFile& page) { return page.code == code; }))
      context.diagnostics.add(Severity::warning, use.where,
                              fmt::format("config: proxy '{}' : status '{}' not declared in http-errors section '{}' "
                                          "(at {}).",
                                          proxy.name, code, use.section, use.where.file_and_line()));
}

}  // namespace

void resolve_error_pages(Context& context) {
  for (const auto& proxy : context.model->proxies) {
    if (proxy->disabled) continue;
    std::vector<ErrorPagesUse> uses = proxy->error_pages;
    const auto& replies = context.http_references.error_pages(*proxy);
    uses.insert(uses.end(), replies.begin(), replies.end());
    std::ranges::stable_sort(uses, [](const ErrorPagesUse& a, const ErrorPagesUse& b) {
      return a.where.file == b.where.file && a.where.line < b.where.line;
    });
    for (const ErrorPagesUse& use : uses) judge(context, *proxy, use);
    gather(context, *proxy);
  }
}

}  // namespace ddbproxy::config
