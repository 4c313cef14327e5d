#include "app/file_watch.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <stdlib.h>

using namespace ddbproxy::app;
namespace fs = std::filesystem;

namespace {

using Texts = std::vector<std::string>;

struct Directory {
  Directory() {
    char name[] = "/tmp/ddbproxy-watch-XXXXXX";
    path = fs::canonical(mkdtemp(name));
  }
  ~Directory() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return path / name; }
  void write(const char* name, const char* text) const { std::ofstream(path / name) << text; }

  fs::path path;
};

}  // namespace

TEST_CASE("a file is watched in its directory, and one behind links in theirs, too") {
  const Directory root;
  fs::create_directories(root / "v1");
  fs::create_directories(root / "etc");
  root.write("v1/a.cfg", "");
  CHECK(places_of(root / "v1/a.cfg") == Texts{root / "v1"});
  fs::create_symlink("../v1", root / "etc/..data");
  fs::create_symlink("..data/a.cfg", root / "etc/a.cfg");
  // Either link may be made anew, and so may the file.
  CHECK(places_of(root / "etc/a.cfg") == Texts{root / "etc", root / "etc/../v1"});
  fs::create_symlink(root / "etc", root / "now");
  CHECK(places_of(root / "now/..data/a.cfg") == Texts{root.path, root / "etc", root / "etc/../v1"});
}

TEST_CASE("a directory is watched itself, and where it might be replaced") {
  const Directory root;
  fs::create_directories(root / "conf.d");
  CHECK(places_of(root / "conf.d") == Texts{root.path, root / "conf.d"});
  CHECK(places_of(root / "conf.d/") == Texts{root.path, root / "conf.d"});
}

TEST_CASE("what is not there may come where the way ends") {
  const Directory root;
  CHECK(places_of(root / "none/at/all.cfg") == Texts{root.path});
  fs::create_symlink("round", root / "round");
  CHECK(places_of(root / "round") == Texts{root.path});
}

TEST_CASE("a mark tells one state of the files from another") {
  const Directory root;
  root.write("a.cfg", "global\n");
  const Texts paths{root.path};
  const std::string before = mark_of(paths);
  CHECK(mark_of(paths) == before);
  root.write("log", "others write here, too");
  CHECK(mark_of(paths) == before);
  root.write("b.cfg", "");
  const std::string two = mark_of(paths);
  CHECK(two != before);
  root.write("b.cfg", "# longer\n");
  CHECK(mark_of(paths) != two);
  fs::remove_all(root.path);
  CHECK(mark_of(paths) != two);
}

TEST_CASE("the mark of what was read is none when the files say something else by now") {
  using ddbproxy::SourceFile;
  const Directory root;
  root.write("a.cfg", "global\n");
  const Texts paths{root / "a.cfg"};
  const auto read = [&](const char* text) {
    return std::vector{std::make_shared<const SourceFile>(SourceFile{paths[0], text})};
  };
  CHECK(*mark_of_read(paths, read("global\n")) == mark_of(paths));
  CHECK(mark_of_read(paths, read("globel\n"))->empty());
  CHECK(mark_of_read(paths, {})->empty());
  fs::remove(paths[0]);
  CHECK_FALSE(mark_of_read(paths, read("global\n")));
}
