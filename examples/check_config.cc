// Reads haproxy configurations through libddbproxy and says what is in them, without running anything.
//   c++ -std=c++20 check_config.cc $(pkg-config --cflags --libs --static ddbproxy) -o check_config
#include <fstream>
#include <iostream>
#include <iterator>

#include <ddbproxy/parse.h>

int main(int argc, char** argv) {
  std::vector<ddbproxy::SourceFile> sources;
  if (argc < 2) return std::cerr << "usage: " << argv[0] << " FILE...\n", 2;
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    if (in.peek() == std::ifstream::traits_type::eof())
      return std::cerr << argv[i] << ": cannot be read, or is empty\n", 1;
    sources.push_back({argv[i], {std::istreambuf_iterator<char>(in), {}}});
  }
  const auto result = ddbproxy::parse(std::move(sources));
  for (const auto& diagnostic : result.diagnostics.all()) std::cerr << render(diagnostic, {.source_line = true});
  if (!result.model) return 1;
  for (const auto& proxy : result.model->proxies)
    std::cout << proxy->kind() << ' ' << proxy->name << ": " << (proxy->backend ? proxy->backend->servers.size() : 0)
              << " servers\n";
}
