using System.Net;
using System.Net.Sockets;
using Lambent.Server.Webhooks;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Webhooks;

/// <summary>Where callbacks must not get to, however it is written.</summary>
public sealed class OutboundGuardTests
{
    private const int OwnPort = 9550;

    /// <summary>Hosts as users may write them. Those that are no literal are resolved as the system would.</summary>
    public static TheoryData<string> Inside =>
    [
        // Loopback
        "http://127.0.0.1/",
        "http://127.0.0.1:9550/2015-03-31/functions",
        "http://127.1/",
        "http://127.0.1/",
        "http://127.255.255.254/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://0177.1/",
        "http://127.0.0.1./",
        "http://１２７.０.０.１/",
        "http://①②⑦.⓪.⓪.①/",
        "http://[::1]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://localhost/",
        "http://LOCALHOST/",
        "http://hello.localhost/",

        // This host
        "http://0.0.0.0/",
        "http://0/",
        "http://0.1.2.3/",
        "http://[::]/",
        "http://[::ffff:0.0.0.0]/",

        // Metadata services and link-local
        "http://169.254.169.254/latest/meta-data/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0xA9.0xFE.0xA9.0xFE/",
        "http://0251.0376.0251.0376/",
        "http://169.254.43518/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
        "http://[::169.254.169.254]/",
        "http://[::ffff:0:169.254.169.254]/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://[fe80::1]/",
        "http://[fe80::a9fe:a9fe]/",
        "http://169.254.170.2/v2/credentials",
        "http://[64:ff9b::169.254.169.254]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[64:ff9b:1::a9fe:a9fe]/",
        "http://[2002:a9fe:a9fe::1]/",
        "http://[2001:0:a9fe:a9fe::1]/",
        "http://[2a00::5efe:169.254.169.254]/",
        "http://[2a00::200:5efe:169.254.169.254]/",

        // Private
        "http://10.0.0.1/",
        "http://167772161/",
        "http://012.0.0.1/",
        "http://172.16.0.1/",
        "http://172.31.255.255/",
        "http://192.168.0.1/",
        "http://192.168.257/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[2002:0a00:0001::]/",
        "http://[2002:7f00:1::]/",
        "http://[2002:c0a8:1::]/",
        "http://[fc00::1]/",
        "http://[fdff:ffff::1]/",
        "http://[fec0::1]/",

        // Carriers, benchmarks, documentation, multicast, reserved
        "http://100.64.0.1/",
        "http://100.100.100.200/latest/meta-data/",
        "http://100.127.255.255/",
        "http://192.0.0.192/opc/v1/",
        "http://192.0.2.1/",
        "http://192.88.99.1/",
        "http://198.18.0.1/",
        "http://198.51.100.1/",
        "http://203.0.113.1/",
        "http://224.0.0.1/",
        "http://239.255.255.255/",
        "http://240.0.0.1/",
        "http://255.255.255.255/",
        "http://[ff02::1]/",
        "http://[100::1]/",
        "http://[2001:db8::1]/",
        "http://[2001:10::1]/",
        "http://[2001:20::1]/",
        "http://[3fff::1]/",
        "http://[5f00::1]/",
        "http://[4000::1]/",
    ];

    [Theory]
    [MemberData(nameof(Inside))]
    public async Task Address_of_no_one_on_the_internet_is_refused(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed))
        {
            return;
        }

        var guard = new OutboundGuard([], () => OwnPort, OutboundGuard.ResolveByNameServiceAsync);
        var connecting = guard.ConnectAsync(new DnsEndPoint(parsed.IdnHost, parsed.Port), Soon());
        var refused = await Should.ThrowAsync<Exception>(async () => await connecting);
        (refused is CallbackRefusedException or SocketException { SocketErrorCode: SocketError.HostNotFound or
            SocketError.NoData or SocketError.TryAgain }).ShouldBeTrue(refused.ToString());
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2a00::1")]
    [InlineData("2002:808:808::1")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void Address_on_the_internet_is_allowed(string address) =>
        ReservedAddresses.PurposeOf(IPAddress.Parse(address)).ShouldBeNull();

    [Fact]
    public async Task Name_is_refused_by_what_it_resolves_to()
    {
        var guard = Guard("10.0.0.1", "::1", "169.254.169.254");
        var refused = await Should.ThrowAsync<CallbackRefusedException>(
            async () => await guard.ConnectAsync(new DnsEndPoint("innocent.example", 443), Soon()));
        refused.Message.ShouldContain("10.0.0.1 is private");
        refused.Message.ShouldContain("metadata");
    }

    [Fact]
    public async Task Name_without_an_address_is_refused() =>
        (await Should.ThrowAsync<CallbackRefusedException>(
            async () => await Guard().ConnectAsync(new DnsEndPoint("nobody.example", 443), Soon())))
        .Message.ShouldContain("has no address");

    /// <summary>
    /// A name that is harmless when it is looked at and something else when it is connected to: it is resolved once.
    /// </summary>
    [Fact]
    public async Task Name_that_resolves_otherwise_a_moment_later_gains_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asked = 0;
        var guard = new OutboundGuard(
            [IPNetwork.Parse("127.0.0.1/32")],
            () => null,
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(asked++ == 0 ? "127.0.0.1" : "127.0.0.2")]));

        await using var stream = await guard.ConnectAsync(new DnsEndPoint("rebind.example", port), Soon());
        using var accepted = await listener.AcceptSocketAsync(Soon());
        asked.ShouldBe(1);
        await Should.ThrowAsync<CallbackRefusedException>(
            async () => await guard.ConnectAsync(new DnsEndPoint("rebind.example", port), Soon()));
    }

    [Fact]
    public async Task Of_several_addresses_only_those_allowed_are_tried()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var guard = new OutboundGuard(
            [IPNetwork.Parse("127.0.0.1/32")],
            () => null,
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1"), IPAddress.Loopback]));
        await using var stream = await guard.ConnectAsync(new DnsEndPoint("mixed.example", port), Soon());
        stream.CanWrite.ShouldBeTrue();
    }

    [Fact]
    public void Allowed_network_lets_in_and_nothing_beside_it()
    {
        var guard = new OutboundGuard([IPNetwork.Parse("10.1.0.0/16")], () => OwnPort, Resolves());
        guard.Refusal(IPAddress.Parse("10.1.2.3"), 80).ShouldBeNull();
        guard.Refusal(IPAddress.Parse("::ffff:10.1.2.3"), 80).ShouldBeNull();
        guard.Refusal(IPAddress.Parse("10.2.0.1"), 80).ShouldNotBeNull();
        guard.Refusal(IPAddress.Parse("64:ff9b::10.1.2.3"), 80).ShouldNotBeNull();
    }

    [Fact]
    public void Own_port_is_refused_even_in_an_allowed_network()
    {
        var guard = new OutboundGuard([IPNetwork.Parse("127.0.0.0/8")], () => OwnPort, Resolves());
        guard.Refusal(IPAddress.Loopback, OwnPort)!.ShouldContain("this server's own");
        guard.Refusal(IPAddress.Parse("127.0.0.9"), OwnPort).ShouldNotBeNull();
        guard.Refusal(IPAddress.Loopback, OwnPort + 1).ShouldBeNull();
    }

    private static OutboundGuard Guard(params string[] addresses) => new([], () => OwnPort, Resolves(addresses));

    private static Func<string, CancellationToken, Task<IPAddress[]>> Resolves(params string[] addresses) =>
        (_, _) => Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)]);

    /// <summary>A test that would reach out fails instead of waiting.</summary>
    private static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token;
}
