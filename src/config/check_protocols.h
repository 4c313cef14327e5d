// The scripts behind `option mysql-check`, `option redis-check` and the other protocols that are known by name.
#pragma once

#include <string_view>

#include <ddbproxy/check_script.h>

namespace ddbproxy::config {

/// Each makes the steps of one option, in place of what an earlier one has asked for.
void use_mysql_check(model::CheckSettings& checks, std::string_view user, bool before_41);
void use_pgsql_check(model::CheckSettings& checks, std::string_view user);
void use_redis_check(model::CheckSettings& checks);
void use_smtp_check(model::CheckSettings& checks, std::string_view hello, std::string_view domain);
void use_ldap_check(model::CheckSettings& checks);
/// `bufsize`: the largest frame that is offered, and its length.
void use_spop_check(model::CheckSettings& checks, uint32_t bufsize);
void use_ssl_hello_check(model::CheckSettings& checks);

}  // namespace ddbproxy::config
