#include "config/acl_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "config/context.h"
#include "config/library.h"
#include "config/pattern_reader.h"
#include "config/predefined_acls.h"
#include "config/readers.h"
#include "config/suggest.h"
#include "sample/acl_keyword.h"

namespace ddbproxy::config {
namespace {

using sample::Acl;
using sample::AclTest;
using sample::Condition;

/// What is wrong with a test, and at which word.
struct Problem {
  std::string text;
  size_t word = 0, at = 0;
  explicit operator bool() const { return !text.empty(); }
};

std::string_view name_of(std::string_view word) { return word.substr(0, word.find_first_of("(,")); }

/// A test from words: an expression, flags, patterns.
class TestReader {
 public:
  /// `acl` is the name that it stands under; empty: none.
  TestReader(Line& line, size_t begin, size_t end, std::string_view acl = {})
      : line_(line), acl_(acl), at_(begin), end_(end) {}

  std::shared_ptr<const AclTest> read(Problem& problem) {
    auto test = std::make_shared<AclTest>();
    if (!expression(*test) || !flags(*test) || !patterns(*test)) {
      problem = std::move(problem_);
      return nullptr;
    }
    if (of_groups_) keep_groups(*test);
    return test;
  }

 private:
  bool fail(std::string text, size_t word, size_t at = 0) {
    problem_ = {std::move(text), word, at};
    return false;
  }
  std::string_view word(size_t index) const { return index < end_ ? line_.word(index) : std::string_view{}; }

  bool expression(AclTest& test) {
    keyword_ = word(at_);
    const sample::AclKeyword* row = sample::find_acl_keyword(name_of(keyword_));
    const sample::Fetch* fetch = row ? sample::find_fetch(row->fetch) : nullptr;
    sample::ExpressionReader reader(line_.context().library());
    if (!reader.begin(keyword_, fetch)) {
      const sample::Wrong& wrong = reader.wrong();
      // haproxy names the expression only where it read it as one.
      if (!row) return fail(fmt::format("{} in ACL expression '{}'", wrong.text, keyword_), at_, wrong.at);
      std::string text = wrong.text;
      if (text.starts_with("fetch method ")) text.replace(0, 13, "ACL keyword ");
      return fail(std::move(text), at_, wrong.at);
    }
    auto expression = reader.take();
    test.expression = expression;
    line_.context().library().refer(expression, line_.where(at_), line_.context().draft->proxy, "ACL");
    const sample::Type type = expression->type();
    of_groups_ = expression->fetch().row->name == "http_auth_group";
    groups_as_words_ = expression->steps().empty();
    groups_where_ = line_.where(at_);
    if (row && expression->steps().empty()) match_ = row->match;
    if (!match_ && type != sample::Type::any) match_ = sample::default_match(type);
    ++at_;
    return true;
  }

  bool flags(AclTest& test) {
    for (; at_ < end_ && word(at_).starts_with('-'); ++at_) {
      const std::string_view flag = word(at_);
      const size_t value = at_ + 1;
      if (flag == "--") {
        ++at_;
        ended_ = true;
        break;
      }
      if (flag == "-i") {
        options_.ignore_case = !of_groups_;
      } else if (flag == "-n") {
        options_.no_names = true;
      } else if (flag == "-M") {
        options_.map = true;
      } else if (flag == "-m") {
        if (!test.patterns.empty())
          return fail("'-m' must only be specified before patterns and files in parsing ACL expression", at_);
        match_ = sample::match_named(word(value));
        groups_as_words_ = false;
        if (!match_)
          return fail(fmt::format("unknown matching method '{}' when parsing ACL expression", word(value)), value);
        if (!sample::can_match(test.expression->type(), *match_))
          return fail(fmt::format("matching method '{}' cannot be used with fetch keyword '{}'", word(value),
                                  name_of(keyword_)),
                      value);
        ++at_;
      } else if (flag == "-f") {
        std::string error;
        if (!matching_method_is_known()) return false;
        PatternReader reader(line_.context(), *match_, options_);
        auto set = reader.file(word(value), error);
        if (!set) return fail(std::move(error), value);
        if (of_groups_) groups_.push_back(reader.patterns());
        test.patterns.push_back(std::move(set));
        ++at_;
      } else if (flag == "-u") {
        const auto number = whole_number(word(value));
        if (!number && !word(value).empty()) return fail("the argument of -u must be an integer", value);
        id_ = static_cast<uint32_t>(number.value_or(0));
        if (line_.context().library().lists.knows_id(*id_)) return fail("the id is already used", value);
        ++at_;
      } else {
        return fail(
            fmt::format("'{}' is not a valid ACL option. Please use '--' before any pattern beginning with a '-'",
                        flag),
            at_);
      }
    }
    return true;
  }

  bool matching_method_is_known() {
    return match_ || fail(fmt::format("matching method must be specified first (using '-m') when using a sample fetch "
                                      "of this type ('{}')",
                                      name_of(keyword_)),
                          at_ - 1);
  }

  /// Also where files say all: the runtime API may add some.
  bool patterns(AclTest& test) {
    if (!matching_method_is_known()) return false;
    test.match = *match_;
    std::vector<std::string_view> words;
    for (size_t i = at_; i < end_; ++i) words.push_back(word(i));
    std::string error;
    size_t wrong = 0;
    auto set = PatternReader(line_.context(), *match_, options_).words(words, name_of(keyword_), id_, error, wrong);
    if (!set) return fail(std::move(error), at_ + wrong);
    if (of_groups_) groups_.emplace_back(words.begin(), words.end());
    using sample::Match;
    if (words.empty() && test.patterns.empty() && !ended_ && *match_ != Match::found && *match_ != Match::boolean)
      warn();
    test.patterns.push_back(std::move(set));
    return true;
  }

  void warn() {
    line_.report(Severity::warning,
                 fmt::format("parsing acl keyword '{}' :\n"
                             "  no pattern to match against were provided, so this ACL will never match.\n"
                             "  If this is what you intended, please add '--' to get rid of this warning.\n"
                             "  If you intended to match only for existence, please use '-m found'.\n"
                             "  If you wanted to force an int to match as a bool, please use '-m bool'.\n",
                             keyword_),
                 at_ - 1);
  }

  /// They are looked for when all is read.
  void keep_groups(const AclTest& test) {
    if (!groups_as_words_) groups_.clear();
    line_.context().user_groups.add(
        *line_.context().draft->proxy,
        {.expression = test.expression, .acl = std::string(acl_), .where = groups_where_, .patterns = groups_});
  }

  Line& line_;
  std::string_view acl_;
  size_t at_, end_;
  std::string_view keyword_;
  std::optional<sample::Match> match_;
  PatternOptions options_;
  std::optional<uint32_t> id_;
  bool ended_ = false;
  bool of_groups_ = false, groups_as_words_ = false;  // http_auth_group, compared as it wants to be
  Location groups_where_;
  std::vector<std::vector<std::string>> groups_;
  Problem problem_;
};

/// One of the predefined, made when it is first asked for.
std::shared_ptr<Acl> make_predefined(Line& line, std::string_view name) {
  const PredefinedAcl* row = find_predefined_acl(name);
  if (!row) return nullptr;
  std::vector<Word> words;
  for (size_t begin = 0; begin < row->definition.size();) {
    const size_t end = std::min(row->definition.find(' ', begin), row->definition.size());
    words.push_back({std::string(row->definition.substr(begin, end - begin)), 1, 0});
    begin = end + 1;
  }
  Line own(words, line.where(), line.context());
  Problem problem;
  auto acl = std::make_shared<Acl>();
  acl->name = name;
  acl->tests.push_back(TestReader(own, 0, words.size()).read(problem));
  return acl;
}

std::shared_ptr<Acl> find_acl(Line& line, std::string_view name) {
  auto& acls = line.context().draft->acls;
  const auto found = std::find_if(acls.begin(), acls.end(), [&](const auto& acl) { return acl->name == name; });
  if (found != acls.end()) return *found;
  auto acl = make_predefined(line, name);
  if (acl) acls.push_back(acl);
  return acl;
}

Diagnostic& say(Line& line, const ConditionWording& wording, const Problem& problem) {
  Diagnostic& diagnostic = line.alert(wording.before + problem.text + wording.after, problem.word);
  diagnostic.where.column += static_cast<uint32_t>(problem.at);
  return diagnostic;
}

bool is_or(std::string_view word) { return word == "or" || word == "OR" || word == "||"; }

/// Calls what(expression) for each that the condition compares; false as soon as one answers so.
template <class What>
bool all_of_expressions(const Condition& condition, What what) {
  for (const auto& terms : condition.any_of)
    for (const auto& term : terms)
      for (const auto& test : term.acl->tests)
        if (!what(*test->expression)) return false;
  return true;
}

std::shared_ptr<const Condition> read_any_condition(Line& line, const ConditionWording& wording) {
  auto condition = std::make_shared<Condition>();
  condition->unless = line.take() == "unless";
  bool negated = false, open = false;
  while (!line.done()) {
    const size_t at = line.position();
    std::string_view word = line.take();
    if (is_or(word)) {
      open = negated = false;
      continue;
    }
    while (word.starts_with('!')) {
      negated = !negated;
      word.remove_prefix(1);
    }
    if (word.empty()) continue;
    std::shared_ptr<const Acl> acl;
    if (word == "{") {
      size_t end = at + 1;
      while (end < line.size() && line.word(end) != "}") ++end;
      if (end == line.size()) {
        say(line, wording, {"missing closing '}' in condition", at});
        return nullptr;
      }
      Problem problem;
      auto anonymous = std::make_shared<Acl>();
      auto test = TestReader(line, at + 1, end).read(problem);
      if (!test) {
        say(line, wording, problem);
        return nullptr;
      }
      anonymous->tests.push_back(std::move(test));
      acl = std::move(anonymous);
      line.seek(end + 1);
    } else if (!(acl = find_acl(line, word))) {
      Suggestion suggestion(word);
      for (const auto& each : line.context().draft->acls) suggestion.consider(each->name);
      for (const PredefinedAcl& each : predefined_acls()) suggestion.consider(each.name);
      say(line, wording, {fmt::format("no such ACL : '{}'", word), at}).suggestion = suggestion.best();
      return nullptr;
    }
    if (!open) condition->any_of.emplace_back();
    open = true;
    condition->any_of.back().push_back({std::move(acl), negated});
    negated = false;
  }
  return condition;
}

/// As written, but with converters behind it what the keyword stands for.
std::string_view keyword_of(const sample::Expression& expression) {
  if (!expression.steps().empty()) return expression.fetch().row->name;
  const std::string_view text = expression.text();
  return text.substr(0, text.find_first_of("(,"));
}

}  // namespace

void read_acl(Line& line) {
  const std::string name(line.take());
  const auto bad = std::find_if_not(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.' || c == ':';
  });
  if (bad != name.end())
    return void(line.alert(fmt::format("character '{}' is not permitted in acl name '{}'.", *bad, name)));
  if (is_or(name))
    return void(
        line.alert(fmt::format("acl name '{}' will never match. 'or' is used to express a logical disjunction "
                               "within a condition.",
                               name)));
  auto& acls = line.context().draft->acls;
  auto found = std::find_if(acls.begin(), acls.end(), [&](const auto& acl) { return acl->name == name; });
  if (found == acls.end()) {
    acls.push_back(std::make_shared<Acl>());
    acls.back()->name = name;
    found = std::prev(acls.end());
  }
  const auto acl = *found;
  Problem problem;
  auto test = TestReader(line, line.position(), line.size(), name).read(problem);
  if (test)
    acl->tests.push_back(std::move(test));
  else
    say(line, {fmt::format("error detected while parsing ACL '{}' : ", name), "."}, problem);
}

bool refuse_unanswered(Line& line, const sample::Expression& expression) {
  const sample::Fetch& fetch = *expression.fetch().row;
  if (sample::is_answered(fetch)) return false;
  line.alert(fmt::format("the fetch '{}' is not supported by ddbproxy here yet.", fetch.name));
  return true;
}

std::shared_ptr<const Condition> read_condition(Line& line, const ConditionWording& wording) {
  auto condition = read_any_condition(line, wording);
  const auto answered = [&](const sample::Expression& each) { return !refuse_unanswered(line, each); };
  return condition && all_of_expressions(*condition, answered) ? condition : nullptr;
}

std::shared_ptr<const Condition> judge_condition(Line& line, const ConditionWording& wording) {
  return read_any_condition(line, wording);
}

std::shared_ptr<const Condition> read_page_condition(Line& line, const ConditionWording& wording) {
  auto condition = read_any_condition(line, wording);
  const auto answered = [&](const sample::Expression& each) {
    const sample::Fetch& fetch = *each.fetch().row;
    if (sample::is_answered_of_request(fetch)) return true;
    line.alert(fmt::format("the fetch '{}' is not supported by ddbproxy here yet.", fetch.name));
    return false;
  };
  return condition && all_of_expressions(*condition, answered) ? condition : nullptr;
}

void warn_of_conflicts(Line& line, const Condition& condition, sample::Place place, std::string_view rule,
                       sample::Places places) {
  const std::string_view where = sample::name_of(place);
  const auto fits = [&](const auto& test) { return (test->expression->places() & places) != 0; };
  for (const auto& terms : condition.any_of)
    for (const auto& term : terms) {
      const auto& tests = term.acl->tests;
      const auto bad = std::find_if_not(tests.begin(), tests.end(), fits);
      if (bad == tests.end()) continue;
      const std::string_view keyword = keyword_of(*(*bad)->expression);
      const std::string& name = term.acl->name;
      if (name.empty())
        line.warning(
            fmt::format("anonymous acl will never match{} because it uses keyword '{}' which is incompatible "
                        "with '{}'",
                        rule, keyword, where));
      else if (std::none_of(tests.begin(), tests.end(), fits))
        line.warning(
            fmt::format("acl '{}' will never match{} because it only involves keywords that are incompatible "
                        "with '{}'",
                        name, rule, where));
      else
        line.warning(fmt::format("acl '{}' involves {} '{}' which is incompatible with '{}'", name,
                                 rule.empty() ? "keywords" : "keyword", keyword, where));
      return;
    }
}

std::shared_ptr<const sample::Expression> read_expression(Line& line, std::string_view use, std::string_view before) {
  sample::ExpressionReader reader(line.context().library());
  size_t at = line.position();
  bool good = reader.begin(line.take());
  while (good && !line.done() && reader.continues_with(line.peek())) {
    at = line.position();
    good = reader.add(line.take());
  }
  if (!good) {
    line.alert(fmt::format("{}{}", before, reader.wrong().text), at).where.column +=
        static_cast<uint32_t>(reader.wrong().at);
    return nullptr;
  }
  auto expression = reader.take();
  line.context().library().refer(expression, line.where(at),
                                 line.context().draft ? line.context().draft->proxy : nullptr, use);
  return expression;
}

std::string unavailable(const sample::Expression& expression, sample::Places places, std::string_view name) {
  if (expression.places() & places) return {};
  return fmt::format("fetch method '{}' extracts information from '{}', none of which is available here", name,
                     expression.fetch().row->source.name);
}

}  // namespace ddbproxy::config
