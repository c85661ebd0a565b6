using System.Text;
using Lambent.Kernel.Mappings;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Mappings;

/// <summary>The conditions under which AWS takes an answer for a success, a partial one, or a failure.</summary>
public sealed class BatchAnswerTests
{
    private static readonly string[] Batch = ["m0", "m1", "m2"];

    [Theory]
    [InlineData("null", "")]
    [InlineData("{}", "")]
    [InlineData("\"\"", "")]
    [InlineData("""{"batchItemFailures":[]}""", "")]
    [InlineData("""{"batchItemFailures":null}""", "")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"m1"}]}""", "1")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"m2"},{"itemIdentifier":"m0"}]}""", "0,2")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"m1"}]}""", "1")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":""}]}""", "0,1,2")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":null}]}""", "0,1,2")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":1}]}""", "0,1,2")]
    [InlineData("""{"batchItemFailures":[{"badKey":"m1"}]}""", "0,1,2")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"unknown"}]}""", "0,1,2")]
    [InlineData("""{"batchItemFailures":["m1"]}""", "0,1,2")]
    [InlineData("""{"batchItemFailures":{}}""", "0,1,2")]
    [InlineData("\"done\"", "0,1,2")]
    [InlineData("17", "0,1,2")]
    [InlineData("not json", "0,1,2")]
    [InlineData("", "0,1,2")]
    public void Answer_namesTheMessagesThatFailed(string answer, string expected) =>
        string.Join(',', BatchAnswer.Failed(Encoding.UTF8.GetBytes(answer), Batch).Order()).ShouldBe(expected);

    [Fact]
    public void Group_stopsAtItsFirstFailure() =>
        BatchAnswer.WithFollowers(new HashSet<int> { 1 }, ["a", "a", "b", "a", "b"]).Order().ShouldBe([1, 3]);

    [Fact]
    public void Group_withoutFailure_doesNotStop() =>
        BatchAnswer.WithFollowers(new HashSet<int>(), ["a", "a"]).ShouldBeEmpty();
}
