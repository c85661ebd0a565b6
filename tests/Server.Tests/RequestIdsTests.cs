using Lambent.Server;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests;

public sealed class RequestIdsTests
{
    [Fact]
    public void Ids_are_of_version_seven_and_variant_one_and_differ()
    {
        var ids = new RequestIds(TimeProvider.System);

        // More than are made of the random bytes fetched at once.
        var made = Enumerable.Range(0, 1000).Select(_ => Guid.Parse(ids.Next())).ToList();

        made.ShouldAllBe(id => id.Version == 7 && id.Variant >= 8 && id.Variant <= 11);
        made.Distinct().Count().ShouldBe(made.Count);
    }

    [Fact]
    public void Ids_begin_with_the_time_in_milliseconds()
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(0x0123_4567_89AB);

        new RequestIds(new FixedTime(time)).Next().ShouldStartWith("01234567-89ab-7");
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
