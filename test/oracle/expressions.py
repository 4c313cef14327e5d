"""Expressions by the thousand for expressions_test.py, in which ~ stands for a blank: each fetch and converter with ordinary and odd
arguments."""
import itertools
import re
import subprocess

from programs import HAPROXY

MAPS = {
    "m": "abc 1\nHello h\na x y\n1 one\n::1 v6\n", "sub": "abc 1\nel h\n12 one\n", "i": "1 one\n5 -5\n-7 minus\n2:9 r\n",
    "ii": "1 11\n5 -5\n-7 -9\n2:9 8\n", "ip": "192.168.0.0/16 lan\n1.2.3.4 x\n2001:db8::/32 doc\n127.0.0.1 lo\n",
    "ipip": "192.168.0.0/16 1.1.1.1\n2001:db8::/32 ::5\n127.0.0.1 7.7.7.7\n", "sint": "abc 12\nHe 5\n1 77\n",
    "sip": "abc 1.2.3.4\n12 ::3\n", "regm": "^a(.*) x\\1\n(.)l(.) [\\2\\1]\n", "reg": "^a A\nl+ ell\n",
    "intip": "1 1.1.1.1\n-7 ::1\n", "ipint": "127.0.0.0/8 127\n::/0 6\n"}

INPUTS = r"""int(0) int(1) int(-7) int(4294967296) int(9223372036854775807) int(-9223372036854775808) bool(true) bool(0) str() str(abc)
str("a~b,c;d=e/f") str(12) str(-3x) str(1.2.3.4) str(::1) str(Hello-World) str(YWJj) str(414243)
str('{"a":{"b":[1,2.5,"x"]},"t":true,"n":null}') str(eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln) bin(7f) bin(00ff0a) bin(c3a9ff80)
bin(08960112036162631d01000000) bin(000000000508960112) bin(100a00044d5154540402003c00) bin(c0a80709) bin(62a80709) ipv4(192.168.7.9)
ipv6(2001:db8::ff) ipv6(::ffff:1.2.3.4) meth(GET) meth(FOO) src var(txn.t) var(req.r) var(sess.none) req.payload(0,0) req.len
date,mul(0),add(1700000000)""".split()

CONVERTERS = r"""add(3),add(-3) add(9223372036854775807) add(proc.one) add(txn.none) add(txn.t) sub(1) sub(-9223372036854775808) sub(proc.min)
mul(-2) mul(4611686018427387904) div(0) div(-1) div(3) mod(0) mod(-3) mod(5) and(255) or(256) xor(-1) cpl neg not bool even odd
add_item(-) add_item(-,proc.one) add_item(-,proc.abc,zz) add_item(-,txn.none,zz) add_item(-,,q)
aes_gcm_dec(128,proc.key,proc.key,proc.key) aes_gcm_dec(256,txn.none,proc.key,proc.key) aes_gcm_dec(192,AAAA,BBBB,CCCC)
b64dec base64 ub64dec ub64enc hex hex2i be2hex be2hex(:,2) be2hex(:,3,1) be2hex(,1) be2dec(-,2) be2dec(.,1,1) be2dec(x,8)
bytes(0) bytes(1) bytes(0,2) bytes(2,100) bytes(100) bytes(-1) bytes(3,-1) bytes(0,0) bytes(0,) bytes(-)
concat(x) concat(a,proc.one,b) concat(,proc.ip6) concat(,txn.none) concat(<,req.r,>)
crc32 crc32(1) crc32(2) crc32c crc32c(1) djb2 djb2(1) sdbm sdbm(1) wt6 wt6(1) xxh32 xxh32(5) xxh32(-1) xxh64 xxh64(77) xxh3 xxh3(9)
sha1 sha2 sha2(224) sha2(512) sha2(384) digest(sha256) digest(md5) digest(sha3-256) hmac(sha1,proc.key) hmac(sha256,AAAA)
hmac(md5,txn.none) cut_crlf field(1,;) field(2,b) field(-1,;) field(1,-,2) field(1,-,0) field(2,ab,-1) field(1,abc)
field(-2,-,2) word(1,-) word(2,-) word(-1,l) word(1,o,2) word(1,abc) word(-1,o,2) word(1,-,0) word(2,;,-1) word(1,l,)
fix_is_valid fix_tag_value(35) fix_tag_value(8) fix_tag_value(BeginString) mqtt_is_valid mqtt_field_value(connect,protocol_name)
mqtt_field_value(connect,17) mqtt_field_value(connack,flags) host_only port_only htonl http_date(500,ms) http_date(-5,us) http_date(0,s)
iif(y,n) iif(,n) iif(y,) in_table(tip) in_table(tstr) in_table(tint) in_table(tbin) in_table(tip6)
ipmask(24) ipmask(0,0) ipmask(255.0.255.0,64) ipmask(32,128) ipmask(8,33) ipmask(8,ffff::1)
json json(ascii) json(utf8) json(utf8s) json(utf8p) json(utf8ps) json_query($.a.b[1]) json_query('$.a.b[0]') json_query('$.a.b[0]',int)
json_query('$.t') json_query('$.n') json_query('$.a') json_query('$.none') json_query('$.a.b[1]',int)
jwt_header_query jwt_header_query($.alg) jwt_payload_query($.sub) jwt_payload_query($.x,int)
language(en;fr) language(abc;12,zz) length lower upper ltrim(aH) rtrim(dc) ltrim(12345) ltime(%Y-%m-%d) ltime(%s)
utime(%H:%M:%S,3600) utime(%a~%b~%e~%j~%U,-86400) utime(%%) utime(%Y)
map_beg(m) map(m,dflt) map_int(i) map_int_int(ii,-5) map_ip(ip) map_ip_ip(ipip,9.9.9.9) map_str_int(sint,7) map_reg(reg,d)
map_regm(regm) map_sub(sub) map_end(m) map_dir(m) map_dom(m,x) map_str_ip(sip) map_beg_int(sint) map_int_ip(intip,::1) map_ip_int(ipint)
map_str_int(sint,) nbsrv srv_queue srv_is_up protobuf(1) protobuf(2) protobuf(3) protobuf(1,int32) protobuf(1,sint64) protobuf(2,string)
protobuf(3,float) protobuf(3,fixed32) protobuf(1.2) ungrpc(1) ungrpc(1,uint64) ungrpc(2,bytes)
regsub(l,L) regsub(l,L,g) regsub(L,x,gi) regsub('[^a-z]','',g) regsub('(.)(.)','\\2\\1',g) regsub('$',E) regsub('^',S,g) regsub('',.)
regsub(b,'[&]',i) secure_memcmp(proc.abc) secure_memcmp(txn.none) strcmp(proc.abc) strcmp(txn.none) strcmp(proc.one)
set-var(txn.x) set-var(txn.x,isset) unset-var(txn.x) table_conn_cnt(tip) table_conn_cur(tip) table_gpc0(tip) table_gpc0(tstr)
table_gpc(1,tip6) table_gpc(-1,tip6) table_gpt0(tip) table_gpt(2,tip6) table_idle(tstr,5) table_expire(tint,3) table_expire(tstr,)
table_trackers(tip) table_trackers(tnone) table_bytes_in_rate(tip) table_server_id(tip) table_sess_rate(tip) table_kbytes_out(tip)
table_conn_cnt(tstr) table_gpc0(tbin) table_sess_cnt(tbin) table_gpc0(tint) url_dec url_dec(1) url_enc url_enc(query)""".split()

# In this order: what one counts or makes, the next ones see.
SEQUENCE = """sc_get_gpc(-1,1) sc_get_gpc(1,1) sc_get_gpc(99999999999,1) sc_get_gpc(4294967297,1) sc_get_gpc(1,-1) sc_get_gpc(1,3)
sc_get_gpc(1,1,tip6) sc_get_gpc(1,1,tip) sc_get_gpc(1,1,tstr) sc_get_gpt(2,1) sc_get_gpt(-2,1) sc_get_gpt(3,1) sc_get_gpc0(0)
sc_get_gpc0(1) sc_get_gpc0(2) sc0_get_gpc0 sc1_get_gpc0 sc2_get_gpc0 sc0_get_gpc0(tip6) sc0_get_gpc0(tnone) sc_conn_cur(2,tstr)
sc_trackers(1) sc_trackers(0,tip6) sc_tracked(0) sc_tracked(5) sc_tracked(-1) sc_tracked(0,tnone) sc_get_gpt0(0) sc_get_gpt0(1)
src_get_gpc(1,tip6) src_get_gpc(3,tip6) src_get_gpc(-1,tip6) src_get_gpc0(tip6) src_get_gpc0(tint) src_conn_cnt(tnone)
src_gpc_rate(-1,tip6) table_cnt(tip) table_avl(tip) table_avl(tnone) src,in_table(tip) str(abcdefghxx),in_table(tstr)
str(abcdefghxx),table_trackers(tstr) sc0_inc_gpc0 sc0_get_gpc0 sc0_clr_gpc0 sc0_get_gpc0 sc_inc_gpc(1,1) sc_inc_gpc(-1,1)
sc_inc_gpc(3,1) sc_get_gpc(1,1) sc_clr_gpc(1,1) sc_clr_gpc(-1,1) sc_get_gpc(1,1) sc_inc_gpc0(1) sc_inc_gpc1(1) sc_get_gpc1(1)
sc_clr_gpc1(1) sc_clr_gpc0(0,tip6) sc_inc_gpc0(0,tip6) sc_inc_gpc0(0,tnone) src_inc_gpc0(tip) src_inc_gpc(1,tip6) src_clr_gpc0(tip)
src_clr_gpc(1,tip6) src_updt_conn_cnt(tip) src_updt_conn_cnt(tint) src_updt_conn_cnt(tnone) src_get_gpc0(tip) src_clr_gpc0(tnone)
src_clr_gpc1(tip6) src_inc_gpc1(tip6) src_inc_gpc0(tstr) src_get_gpc0(tstr) src_conn_cnt(tstr) src_conn_cur(tstr) src_sess_cnt(tstr)
src_inc_gpc0(tbin) src_sess_cnt(tbin) src_kbytes_in(tbin) src_kbytes_in(tnone) wait_end method req.ver method""".split()

ODD = r"""str(a),crc32(1 str(a),crc32(1x str(a),field(1,x str(a),field(1,x,2 str(a),field(1 str(a),field( str(a),lower( str(a),lower(x
str(a),lower() str(a),lower(x) str(a),lower(x,y) str(a),crc32(1, str(a),crc32(1,) str(a),crc32(,) str(a),crc32(+1) str(a),crc32(-)
str(a),crc32(--1) str(a),crc32(9223372036854775808) str(a),crc32(-9223372036854775809) str(a),crc32(0x1) str(a),crc32(01)
str(a),bytes(+1) str(a),bytes(9223372036854775808) str(a),bytes(~1) str(a),regsub((,x) str(a),regsub([,x,i) str(a),regsub(a,b,z)
bin(00),mqtt_field_value(0,1) bin(00),mqtt_field_value(16,1) bin(00),mqtt_field_value(;x,1) bin(00),mqtt_field_value(:,1)
bin(00),mqtt_field_value(@,1) bin(00),mqtt_field_value(/,1) bin(00),mqtt_field_value(12,1) bin(00),mqtt_field_value(conn,flags)
bin(00),mqtt_field_value(1,FLAGS) bin(00),mqtt_field_value(1,0) bin(00),mqtt_field_value(1,99) int(1x) int(~1) int(+1) int(-) int(+)
int() int(1-) int(9223372036854775808) ipv4(~1.2.3.4) ipv4(1.2.3.4~) ipv4(1.2.3) ipv4(0x1.2.3.4) ipv4(1) ipv6(1.2.3.4) ipv6(::1%lo)
bool(TRUE) bool(2) bool() str int bin bin() bin(0) bin(zz) meth(F~O) meth(F-B) meth(F@) meth() src,ipmask(+8) src,ipmask(~8) src,ipmask(08)
src,ipmask(33) src,ipmask(-1) src,ipmask(255.0) src,ipmask(0.0.0.0) src,ipmask(localhost) src,ipmask(8,localhost) src,ipmask(8,::)
src,ipmask(24,) src,ipmask(,64) src,ipmask(-) date(1x) date(,ms) date(,) date(0,xx) date(0,ms,1) rand(1x) uuid(1) nbproc(1) env() env
thread(x) str("a"b) str('a,b"c') str("a\"b") str(a\)b) str("a str('a str(a)) str(a)x str(a),,lower str(a),lower, str(a)~lower ,str(a)
str(a), str,(a) Str(a) str~(a) src_port,add(1 bin(010203),be2hex(x,,1) bin(010203),be2hex(x,) bin(010203),be2hex(,0,1) bin(010203),be2hex(,-1)
bin(010203),be2dec(x,) str(a),word(,b) str(a),word(1,) str(a),field(1,,2) str(a),in_table(,) int(1),http_date(,s)
str(a),map_str_ip(sip,) str(a),map_str_ip(sip,zz) str(a),map_str_int(sint,x) str(a),map(none) str(a),json_query(a) str(a),json_query($.a,x)
bin(08),protobuf(,x) bin(08),protobuf(1,x) bin(08),protobuf(0) bin(08),protobuf(1.) req.hdr(,1) req.hdr(x,,) req.hdr(x,-11) req.payload_lv(1,1,)
req.payload_lv(1,0) req.payload_lv(-1,1) req.payload(1,) sc_get_gpc(1,) sc_get_gpc0(,tip) sc_get_gpc0(1,,) nbsrv(,) nbsrv(none) nbsrv(f)
ssl_c_i_dn(x,,rfc2253) ssl_c_i_dn(x,1,rfc) ssl_fc_cipherlist_bin(,) str(a),strcmp() str(a),strcmp(a.b) str(a),set-var(a) str(a),set-var(txn.a,,isset)
str(a),url_dec(,) str(a),table_gpc(1,none) str(a),table_gpc(1,b) str(a),hmac(sha1) str(a),hmac(x,AA) str(a),digest(x) str(a),sha2(1)
bin(00),aes_gcm_dec(1,a,b,c) bin(00),aes_gcm_dec(128,a.,b,c) str(a),json(x) str(a),language(en,fr,de) str(a),http_auth str(a),none""".split()

ARGUMENTS = {
    "string": ["x", "", "host", "a-b", "proc.one", "-3", "%s", "ms"], "integer": ["0", "1", "2", "-1", "-11", "3", "100", "99999999999", "x", "", "1x"],
    "table": ["tip", "tip6", "tstr", "tint", "tbin", "tnone", "none", "b", ""], "backend": ["b", "alldown", "none", ""],
    "frontend": ["f", "b", "none", ""], "server": ["b/s1", "b/s2", "s1", "alldown/x1", "b/none", ""], "user list": ["ul", "none", ""],
    "IPv4 mask": ["24", "33", "255.255.0.0", "x", ""], "IPv6 mask": ["64", "129", "ffff::", "x", ""], "regex": ["a", "", "(", "a+"],
    "IPv4 address": ["1.2.3.4", "1.2.3", ""], "IPv6 address": ["::1", "1.2.3.4", ""], "Protocol buffers field number": ["1", "0", "1.2", "x", "", "1."]}
MOST_COMBINATIONS = 12
# What differs from run to run, what only ddbproxy has not, and what lets haproxy crash in mode tcp.
NOT_COMPARED = """cpu_calls cpu_ns_avg cpu_ns_tot date date_us fc_rtt fc_rttvar http_first_req lat_ns_avg lat_ns_tot hostname pid rand thread uuid
bc_src_port bc_dst_port dst_port fc_dst_port fc_src_port src_port nbproc stopping fcgi.docroot fcgi.index distcc_body distcc_param capture.req.method capture.req.uri
capture.req.ver capture.res.ver unique-id http_date aes_gcm_dec""".split()
CHANGING = re.compile(r"(src|sc\d?)_(inc|clr|updt)|(fe|be|srv)_(sess_rate|conn)|\w+_rate$|internal\.")


def rows(option):
    """What haproxy lists, as (name, kinds of arguments, type of the input)."""
    done = subprocess.run([HAPROXY, option, "-c", "-f", "/dev/null"], capture_output=True, text=True, check=False, timeout=60)
    for line in done.stdout.splitlines():
        found = re.match(r"(?:\[.*\] )?([\w.+-]+)(?:\((.*)\))?: \w+(?: => (\w+))?$", line)
        if found and found[1] not in NOT_COMPARED and not CHANGING.match(found[1]):
            yield found[1], [kind for kind in re.split(r"[\[\],]+", found[2] or "") if kind], found[3]


def with_arguments(name, kinds):
    yield name
    yield name + "()"
    yield name + "(" + ",".join(["1"] * (len(kinds) + 1)) + ")"
    for count in range(1, len(kinds) + 1):
        combinations = list(itertools.product(*(ARGUMENTS[kind] for kind in kinds[:count])))
        for each in combinations[::len(combinations) // MOST_COMBINATIONS + 1]:
            yield f"{name}({','.join(each)})"


def fetches():
    every = [each for name, kinds, _ in rows("-dKsmp") for each in with_arguments(name, kinds)]
    # Of a payload in front of the first byte haproxy reads what is not there.
    return [each for each in every if not ("payload" in each and "-" in each)]


def converters():
    """Each with arguments that are mostly wrong."""
    of_type = {"sint": "int(7)", "str": "str(ab-cd;12)", "bin": "bin(0896011203)", "bool": "bool(1)", "addr": "src", "ipv4": "src"}
    found = [(name, kinds, given) for name, kinds, given in rows("-dKcnv") if not re.match("map|debug|jwt_verify|capture|set-var", name)]
    return [f"{of_type.get(given, 'str(a)')},{each}" for name, kinds, given in found for each in with_arguments(name, kinds)]


def products():
    """Every converter on a fourth of the inputs, each time others."""
    return [f"{given},{converter}" for i, given in enumerate(INPUTS) for converter in CONVERTERS[i % 4::4]]
