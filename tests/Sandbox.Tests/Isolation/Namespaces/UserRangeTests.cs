using Lambent.Sandbox.Isolation.Namespaces;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation.Namespaces;

public sealed class UserRangeTests
{
    [Theory]
    [InlineData("0 0 4294967295", 0x7000_0000u, 0x700F_FFFFu)]
    [InlineData("0 100000 65536", 30_000u, 59_999u)]
    public void Users_come_from_a_range_that_belongs_to_nobody(string map, uint first, uint last)
    {
        var range = UserRange.TryCreate([map]).ShouldNotBeNull();
        for (var count = 0; count < 100; count++)
        {
            range.Take().ShouldBeInRange(first, last);
        }
    }

    [Theory]
    [InlineData("0 1000 1")]
    [InlineData("0 100000 40000")]
    public void Few_users_are_no_range(string map) => UserRange.TryCreate([map]).ShouldBeNull();

    [Fact]
    public void Users_in_use_are_not_given_out_again()
    {
        var range = UserRange.TryCreate(["0 0 65536"]).ShouldNotBeNull();
        var taken = Enumerable.Range(0, 30_000).Select(_ => range.Take()).ToList();
        taken.ShouldBeUnique();
        range.Return(taken[7]);
        range.Take().ShouldBe(taken[7]);
    }
}
