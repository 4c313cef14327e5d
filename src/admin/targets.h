// Which frontend, backend or server a command is about, with haproxy's errors when there is none.
#pragma once

#include "admin/command.h"

namespace ddbproxy::live {
class Backend;
class Server;
}  // namespace ddbproxy::live

namespace ddbproxy::admin {

/// What was named, or the answer that says why there is nothing.
template <class T>
struct Target {
  T* found = nullptr;
  Answer error;
  explicit operator bool() const { return found; }
  T* operator->() const { return found; }
  T& operator*() const { return *found; }
};

/// Word `index` as "backend/server"; either may be a name or "#id".
Target<live::Server> find_server(const Call& call, size_t index);
/// As find_server(), but those of a proxy that is stopped or disabled stay as they are.
Target<live::Server> find_changeable_server(const Call& call, size_t index);
Target<live::Frontend> find_frontend(const Call& call, size_t index);
Target<live::Backend> find_backend(const Call& call, size_t index);

/// The proxy that word `index` names: "77" (there need be none, and -1 means all), "#77" or its name; 0: none.
long long find_proxy_id(const Call& call, size_t index);

/// A number as haproxy's commands read it: as far as digits go, 0 without any.
long long leading_number(const std::string& text);

}  // namespace ddbproxy::admin
