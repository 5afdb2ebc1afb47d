#include "console/front/admission.h"

#include <gtest/gtest.h>

#include "console/front/url.h"

namespace eic::console {
namespace {

HttpRequest With(const std::map<std::string, std::string>& headers) {
  HttpRequest request;
  request.method = "GET";
  request.path = "/";
  request.headers = headers;
  return request;
}

std::string TokenOf(const Admission& admission) {
  const std::string url = admission.Url();
  return url.substr(url.find('=') + 1);
}

TEST(Admission, TheTokenIsTakenOnceAndGivesACookieOfThisHostAlone) {
  Admission admission(8080);
  const std::string token = TokenOf(admission);
  EXPECT_EQ(admission.TakeToken(""), "");
  EXPECT_EQ(admission.TakeToken(token.substr(1)), "");
  const std::string cookie = admission.TakeToken(token);
  EXPECT_EQ(cookie.find("eic="), 0U);
  EXPECT_NE(cookie.find("; Path=/; HttpOnly; SameSite=Strict"), std::string::npos);
  EXPECT_EQ(cookie.find("Domain"), std::string::npos);
  EXPECT_EQ(admission.TakeToken(token), "");
  EXPECT_EQ(admission.TakeToken(""), "");
  const std::string value = cookie.substr(0, cookie.find(';'));
  EXPECT_TRUE(admission.HasCookie(With({{"cookie", value}})));
  EXPECT_TRUE(admission.HasCookie(With({{"cookie", "a=b; eic=other; " + value + "; c=d"}})));
  for (const std::string& wrong :
       {value + "0", value.substr(0, value.size() - 1), std::string("eic="), "x" + value,
        std::string("eic"), std::string(";;;"), std::string()}) {
    EXPECT_FALSE(admission.HasCookie(With({{"cookie", wrong}}))) << wrong;
  }
  EXPECT_FALSE(admission.HasCookie(With({})));
  HttpRequest twice = With({{"cookie", value}});
  twice.repeated = {"cookie"};
  EXPECT_FALSE(admission.HasCookie(twice));
}

TEST(Admission, HostAndOriginAreComparedWhole) {
  const Admission admission(8080);
  const std::string host = admission.origin().substr(7);
  EXPECT_TRUE(admission.IsOurHost(With({{"host", host}})));
  EXPECT_TRUE(admission.IsOurOrigin(With({{"origin", admission.origin()}})));
  for (const std::string& wrong :
       {host + "0", "x" + host, std::string("localhost:8080"), host.substr(0, host.find(':')),
        std::string("127.0.0.1:8080"), std::string()}) {
    EXPECT_FALSE(admission.IsOurHost(With({{"host", wrong}}))) << wrong;
    EXPECT_FALSE(admission.IsOurOrigin(With({{"origin", "http://" + wrong}}))) << wrong;
  }
  EXPECT_FALSE(admission.IsOurOrigin(With({{"origin", "null"}})));
  EXPECT_FALSE(admission.IsOurOrigin(With({{"origin", "https://" + host}})));
  EXPECT_FALSE(admission.IsOurHost(With({})));
}

TEST(Admission, TwoConsolesShareNothing) {
  const Admission one(8080);
  const Admission other(8080);
  EXPECT_NE(one.origin(), other.origin());
  EXPECT_NE(TokenOf(one), TokenOf(other));
}

TEST(Admission, WhatABrowserSaysOfTheSiteCounts) {
  EXPECT_TRUE(Admission::IsSameSite(With({})));
  EXPECT_TRUE(Admission::IsSameSite(With({{"sec-fetch-site", "same-origin"}})));
  EXPECT_TRUE(Admission::IsSameSite(With({{"sec-fetch-site", "none"}})));
  for (const char* wrong : {"same-site", "cross-site", "", "x"}) {
    EXPECT_FALSE(Admission::IsSameSite(With({{"sec-fetch-site", wrong}}))) << wrong;
  }
}

TEST(Url, PathAndQueryAreDecoded) {
  const Target target = ParseRequestTarget("/a%20b?x=1+2&y=%26&x=3&z");
  EXPECT_EQ(target.path, "/a b");
  EXPECT_EQ(target.query.at("x"), "1 2");
  EXPECT_EQ(target.query.at("y"), "&");
  EXPECT_EQ(target.query.at("z"), "");
  for (const char* wrong : {"", "x", "http://h/", "/%", "/%2", "/%zz", "/%00", "/?a=%0", "*"}) {
    EXPECT_EQ(ParseRequestTarget(wrong).path, "") << wrong;
  }
}

}  // namespace
}  // namespace eic::console
