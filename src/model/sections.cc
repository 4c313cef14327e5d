// Look-ups in the sections that are no proxies.
#include <algorithm>

#include <ddbproxy/sections.h>

namespace ddbproxy::model {
namespace {

template <class Items>
auto find(const Items& items, std::string_view name) -> decltype(items.data()) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& each) { return each.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const User* UserList::find_user(std::string_view wanted) const { return find(users, wanted); }
const UserList::Group* UserList::find_group(std::string_view wanted) const { return find(groups, wanted); }

}  // namespace ddbproxy::model
