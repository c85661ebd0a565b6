using System.Collections.Immutable;
using Lambent.Kernel.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Functions;

public sealed class FunctionTagsTests
{
    [Theory]
    [InlineData("team", "one", true)]
    [InlineData("team", "", true)]
    [InlineData("", "x", false)]
    [InlineData("team", null, false)]
    [InlineData("aws:x", "x", false)]
    [InlineData("AWS:x", "x", false)]
    [InlineData("lambent:isolation", "namespace", true)]
    [InlineData("lambent:isolation", "process", true)]
    [InlineData("lambent:isolation", "runc", true)]
    [InlineData("lambent:isolation", "runsc", true)]
    [InlineData("lambent:isolation", "Process", false)]
    [InlineData("lambent:isolation", "", false)]
    [InlineData("lambent:environment-concurrency", "1", true)]
    [InlineData("lambent:environment-concurrency", "1000", true)]
    [InlineData("lambent:environment-concurrency", "0", false)]
    [InlineData("lambent:environment-concurrency", "1001", false)]
    [InlineData("lambent:environment-concurrency", "-1", false)]
    [InlineData("lambent:environment-concurrency", " 1", false)]
    [InlineData("lambent:environment-concurrency", "1.5", false)]
    [InlineData("lambent:environment-concurrency", "many", false)]
    [InlineData("lambent:environment-concurrency", "99999999999999999999", false)]
    [InlineData("lambent:cpu", "quota", true)]
    [InlineData("lambent:cpu", "share", true)]
    [InlineData("lambent:cpu", "Quota", false)]
    [InlineData("lambent:cpu", "", false)]
    [InlineData("lambent:websocket", "true", true)]
    [InlineData("lambent:websocket", "false", true)]
    [InlineData("lambent:websocket", "yes", false)]
    [InlineData("lambent:request-stream", "true", true)]
    [InlineData("lambent:request-stream", "", false)]
    [InlineData("lambent:unknown", "x", false)]
    [InlineData("Lambent:isolation", "runc", false)]
    [InlineData("lambent", "x", true)]
    public void Tag_is_judged(string key, string? value, bool valid) =>
        (FunctionTags.Validate(new Dictionary<string, string?> { [key] = value }) is null).ShouldBe(valid);

    [Theory]
    [InlineData(128, 256, true)]
    [InlineData(129, 1, false)]
    [InlineData(1, 257, false)]
    public void Tag_has_a_largest_length(int keyLength, int valueLength, bool valid) =>
        (FunctionTags.Validate(new Dictionary<string, string?>
        {
            [new string('k', keyLength)] = new('v', valueLength),
        }) is null).ShouldBe(valid);

    [Fact]
    public void Merge_counts_old_and_new_tags_together()
    {
        var current = Enumerable.Range(0, 49).ToImmutableSortedDictionary(number => $"k{number}", _ => "v");

        FunctionTags.Merge(current, new Dictionary<string, string?> { ["k0"] = "new", ["other"] = "x" })
            .Value.Count.ShouldBe(50);
        FunctionTags.Merge(current, new Dictionary<string, string?> { ["a"] = "x", ["b"] = "x" })
            .Error!.Message.ShouldBe("Number of tags exceeds resource tag limit.");
    }
}
