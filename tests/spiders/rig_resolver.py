"""A resolver for crawls under test: every name leads to loopback, but those under ``.missing`` to nothing."""

from twisted.internet import defer, error
from twisted.internet.interfaces import IResolverSimple
from zope.interface import implementer


@implementer(IResolverSimple)
class ToLoopback:
    def __init__(self, reactor):
        self.reactor = reactor

    @classmethod
    def from_crawler(cls, crawler, reactor):
        return cls(reactor)

    def install_on_reactor(self):
        self.reactor.installResolver(self)

    def getHostByName(self, name, timeout=()):
        if name.endswith(".missing"):
            return defer.fail(error.DNSLookupError(f"no results for {name}"))
        return defer.succeed("127.0.0.1")
