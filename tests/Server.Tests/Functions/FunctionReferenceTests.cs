using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Server.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Functions;

public sealed class FunctionReferenceTests
{
    private const string Region = "us-east-1";

    [Theory]
    [InlineData("one", null, "000000000000", "one", null)]
    [InlineData("one", "live", "000000000000", "one", "live")]
    [InlineData("one:live", null, "000000000000", "one", "live")]
    [InlineData("one:live", "live", "000000000000", "one", "live")]
    [InlineData("one:$LATEST", null, "000000000000", "one", "$LATEST")]
    [InlineData("one", "$LATEST", "000000000000", "one", "$LATEST")]
    [InlineData("function:one", null, "000000000000", "one", null)]
    [InlineData("function", null, "000000000000", "function", null)]
    [InlineData("111111111111", null, "000000000000", "111111111111", null)]
    [InlineData("111111111111:function:one", null, "111111111111", "one", null)]
    [InlineData("111111111111:function:one:7", null, "111111111111", "one", "7")]
    [InlineData("111111111111:one", null, "111111111111", "one", null)]
    [InlineData("us-east-1:111111111111:function:one", null, "111111111111", "one", null)]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:one", null, "111111111111", "one", null)]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:one:live", null, "111111111111", "one", "live")]
    [InlineData("arn:aws-cn:lambda:us-east-1:111111111111:function:One-2_x:1", "1", "111111111111", "One-2_x", "1")]
    public void Text_means_a_function(string text, string? qualifier, string account, string name, string? expected)
    {
        foreach (var rule in new[] { FunctionReferenceRule.Plain, FunctionReferenceRule.Namespaced })
        {
            var reference = FunctionReference.Parse(text, qualifier, AccountId.Root, Region, rule).Value;

            reference.Id.Account.Value.ShouldBe(account);
            reference.Id.Name.ShouldBe(name);
            reference.Qualifier.ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("", null, ErrorCode.ValidationFailed, "2 validation errors detected: Value '' at 'functionName'")]
    [InlineData("a b", null, ErrorCode.ValidationFailed, "Member must satisfy regular expression pattern")]
    [InlineData("one\n", null, ErrorCode.ValidationFailed, "regular expression")]
    [InlineData("one:", null, ErrorCode.ValidationFailed, "regular expression")]
    [InlineData("a:b:c", null, ErrorCode.ValidationFailed, "regular expression")]
    [InlineData("arn:aws:lambda:us-east-1:123400000000@function:myfn", null, ErrorCode.ValidationFailed, "regular")]
    [InlineData("arn:aws:lambda:us-east-1:٠١٢٣٤٥٦٧٨٩٠١:function:one", null, ErrorCode.ValidationFailed, "regular")]
    [InlineData("arn:aws:s3:us-east-1:111111111111:function:one", null, ErrorCode.ValidationFailed, "regular")]
    [InlineData("one", "invalid-qualifier-with-?-char", ErrorCode.ValidationFailed,
        @"1 validation error detected: Value 'invalid-qualifier-with-?-char' at 'qualifier' failed to satisfy "
        + @"constraint: Member must satisfy regular expression pattern: \$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+")]
    [InlineData("a b", "?", ErrorCode.ValidationFailed, "2 validation errors detected")]
    [InlineData("one:1", "2", ErrorCode.InvalidParameter,
        "The derived qualifier from the function name does not match the specified qualifier.")]
    [InlineData("arn:aws:lambda:eu-west-1:000000000000:function:one", null, ErrorCode.ResourceNotFound,
        "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')")]
    public void Text_is_refused(string text, string? qualifier, ErrorCode code, string message)
    {
        var error = FunctionReference
            .Parse(text, qualifier, AccountId.Root, Region, FunctionReferenceRule.Plain).Error.ShouldNotBeNull();

        error.Code.ShouldBe(code);
        error.Message.ShouldContain(message);
    }

    [Fact]
    public void Dots_are_for_operations_that_do_not_create()
    {
        FunctionReference.Parse("a.b", null, AccountId.Root, Region, FunctionReferenceRule.Namespaced)
            .IsSuccess.ShouldBeTrue();
        FunctionReference.Parse("a.b", null, AccountId.Root, Region, FunctionReferenceRule.Plain)
            .IsSuccess.ShouldBeFalse();
    }

    [Theory]
    [InlineData("live", true)]
    [InlineData("1a", true)]
    [InlineData("1", false)]
    [InlineData("$LATEST", false)]
    public void Alias_rule_takes_aliases_only(string qualifier, bool taken) => FunctionReference
        .Parse("one", qualifier, AccountId.Root, Region, FunctionReferenceRule.AliasQualifier)
        .IsSuccess.ShouldBe(taken);

    [Theory]
    [InlineData(64, null)]
    [InlineData(65, ErrorCode.InvalidParameter)]
    [InlineData(140, ErrorCode.InvalidParameter)]
    [InlineData(141, ErrorCode.ValidationFailed)]
    public void Name_has_a_largest_length(int length, ErrorCode? code)
    {
        var result = FunctionReference.Parse(
            new string('a', length), null, AccountId.Root, Region, FunctionReferenceRule.Plain);

        (result.Error?.Code).ShouldBe(code);
    }
}
