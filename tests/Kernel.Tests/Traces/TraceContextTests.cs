using System.Text;
using Lambent.Kernel.Traces;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Traces;

/// <summary>The headers of W3C's Trace Context and of X-Ray.</summary>
public sealed class TraceContextTests
{
    private const string Valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void Parent_of_the_recommendation_is_read_and_written_alike()
    {
        TraceParent.TryParse(Valid, out var context).ShouldBeTrue();
        context.ShouldBe(new TraceContext(
            new TraceId(0x0af7651916cd43dd, 0x8448eb211c80319c), 0xb7ad6b7169203331, IsSampled: true));
        TraceParent.Format(context).ShouldBe(Valid);
        var bytes = new byte[TraceParent.Length];
        TraceParent.Write(bytes, context);
        Encoding.ASCII.GetString(bytes).ShouldBe(Valid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData("0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ")]
    [InlineData("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more")]
    [InlineData("00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01")]
    public void Parent_that_is_malformed_is_none(string text)
    {
        TraceParent.TryParse(text, out var context).ShouldBeFalse();
        context.IsNone.ShouldBeTrue();
    }

    [Theory]
    [InlineData("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [InlineData("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes-later", true)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-fe", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff", true)]
    public void Later_versions_and_unknown_flags_are_read_as_far_as_known(string text, bool isSampled)
    {
        TraceParent.TryParse(text, out var context).ShouldBeTrue();
        context.IsSampled.ShouldBe(isSampled);
    }

    [Theory]
    [InlineData("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")]
    [InlineData(" a=b , , c@d=e", "a=b,c@d=e")]
    [InlineData("a=b,a=c", null)]
    [InlineData("A=b", null)]
    [InlineData("a", null)]
    [InlineData("a=b=c", null)]
    [InlineData("", null)]
    public void State_is_handed_on_when_it_is_valid(string state, string? expected) =>
        TraceParent.CleanState(state).ShouldBe(expected);

    [Fact]
    public void State_with_more_than_32_members_is_none() => TraceParent.CleanState(
        string.Join(',', Enumerable.Range(0, 33).Select(number => $"k{number}=v"))).ShouldBeNull();

    [Theory]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1", true)]
    [InlineData("root=1-5759e988-bd862e3fe1be46a994272793; parent=53995c3f42cd8ad8; sampled=0", false)]
    [InlineData("Self=1-2-3;Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Lineage=a:1|b:0", true)]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=?", true)]
    public void XRay_has_the_same_id(string header, bool isSampled)
    {
        XRayHeader.TryParse(header, out var context).ShouldBeTrue();
        context.Trace.ToString().ShouldBe("5759e988bd862e3fe1be46a994272793");
        context.Span.ShouldBe(0x53995c3f42cd8ad8UL);
        context.IsSampled.ShouldBe(isSampled);
        XRayHeader.Format(context).ShouldBe(
            $"Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled={(isSampled ? 1 : 0)}");
    }

    [Fact]
    public void XRay_without_a_parent_begins_the_trace()
    {
        XRayHeader.TryParse("Root=1-5759e988-bd862e3fe1be46a994272793", out var context).ShouldBeTrue();
        context.Span.ShouldBe(0UL);
        XRayHeader.Format(context).ShouldBe("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Root=1")]
    [InlineData("Parent=53995c3f42cd8ad8;Sampled=1")]
    [InlineData("Root=2-5759e988-bd862e3fe1be46a994272793")]
    [InlineData("Root=1-00000000-000000000000000000000000")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000000")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=5399")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a99427279x")]
    public void XRay_that_is_malformed_is_none(string header) =>
        XRayHeader.TryParse(header, out _).ShouldBeFalse();

    [Fact]
    public void Request_leads_to_its_trace_and_back()
    {
        const string RequestId = "01a200d3-f5d7-79ee-b3c2-a11f0f5c088f";
        TraceId.TryOfRequest(RequestId, out var trace).ShouldBeTrue();
        (trace.High >> 32).ShouldBe(0x01a200d3f5d7UL / 1000);
        trace.TryToRequest(out var back).ShouldBeTrue();
        back.ShouldBe(RequestId);
        TraceId.TryOfRequest("7b6d0d3e-6a04-4cbc-8a6a-2c7e7f1f8a11", out _).ShouldBeFalse();
        new TraceId(0x0af7651916cd43dd, 0x8448eb211c80319c).TryToRequest(out _).ShouldBeFalse();
    }
}
