// Catch2 3 has split the header of Catch2 2, which the tests include; there this one stands in its place.
#pragma once

#include <catch2/catch_all.hpp>
