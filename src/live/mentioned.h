// What sessions may refer to after it was replaced or removed.
#pragma once

namespace ddbproxy::live {

/// A server that was removed, a generation that was replaced, ... Connections count no references to it; instead
/// Farewell asks every worker what its sessions still mention.
class Mentioned {
 public:
  virtual ~Mentioned() = default;
  /// Nobody can come to mention it any more through what it holds itself: a server without sessions. Control thread.
  virtual bool idle() const { return true; }
};

}  // namespace ddbproxy::live
