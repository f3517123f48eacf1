#pragma once

namespace tapestry::app {

/// Lets the heap ask for huge pages (glibc.malloc.hugetlb, GLIBC_TUNABLES): packets go to the buffers of thousands of
/// streams in turn, and with small pages nearly each waits until its page is found. That can only be said to a program
/// that starts, so the same program is executed again, once, with the same words: call it first of all. Returns when
/// that is so already, when the environment says something about glibc itself, or when it cannot be done, which changes
/// nothing but the speed.
void use_huge_pages(char** words) noexcept;

}  // namespace tapestry::app
