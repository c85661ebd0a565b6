using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Kernel.Packages;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Access;

public sealed class PermissionTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:hello";

    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private int revisions;

    private CommandContext Context => new(Arn, Noon, () => $"revision-{++revisions}");

    /// <summary>Qualifier, the policy's key, the statement's resource.</summary>
    [Theory]
    [InlineData(null, "", Arn)]
    [InlineData("prod", "prod", $"{Arn}:prod")]
    [InlineData("1", "1", $"{Arn}:1")]
    public void Statement_goes_to_what_was_named(string? qualifier, string key, string resource)
    {
        var function = Add(NewFunction(), "s1", qualifier).Value;
        function.Policies.Keys.ShouldBe([key]);
        var statement = function.Policies[key].Statements.ShouldHaveSingleItem();
        statement.Id.ShouldBe("s1");
        statement.Resource.ShouldBe(resource);
    }

    [Theory]
    [InlineData("$LATEST", ErrorCode.InvalidParameter, "We currently do not support adding policies for $LATEST.")]
    [InlineData("other", ErrorCode.ResourceNotFound, $"Cannot find alias arn: {Arn}:other")]
    [InlineData("42", ErrorCode.FunctionNotFound, $"Function not found: {Arn}:42")]
    [InlineData("01", ErrorCode.FunctionNotFound, $"Function not found: {Arn}:01")]
    [InlineData("a-$-b", ErrorCode.FunctionNotFound, $"Function not found: {Arn}:a-$-b")]
    [InlineData("99999999999999999999", ErrorCode.FunctionNotFound, $"Function not found: {Arn}:99999999999999999999")]
    public void Qualifier_that_is_none_is_told_as_by_AWS(string qualifier, ErrorCode code, string message)
    {
        var error = Add(NewFunction(), "s1", qualifier).Error.ShouldNotBeNull();
        (error.Code, error.Message).ShouldBe((code, message));
        Remove(NewFunction(), "s1", qualifier).Error!.Message.ShouldBe(message);
    }

    [Fact]
    public void Function_that_is_none_is_told_as_by_AWS()
    {
        Add(null, "s1").Error!.Message.ShouldBe($"Function not found: {Arn}");
        Remove(null, "s1").Error!.Message.ShouldBe($"No policy found for: {Arn}");
        Remove(NewFunction(), "s1").Error!.Message.ShouldBe("No policy is associated with the given resource.");
        Remove(Add(NewFunction(), "s1").Value, "s2").Error!.Message
            .ShouldBe("Statement s2 is not found in resource policy.");
    }

    [Fact]
    public void Statement_id_is_given_once_for_each_target()
    {
        var function = Add(NewFunction(), "s1").Value;
        Add(function, "s1").Error!.Code.ShouldBe(ErrorCode.ResourceConflict);
        Add(function, "s1", "prod").IsSuccess.ShouldBeTrue();
        Add(function, "s2").Value.Policies[""].Statements.Count.ShouldBe(2);
    }

    [Fact]
    public void Last_statement_takes_the_policy_with_it()
    {
        var function = Add(Add(NewFunction(), "s1").Value, "s2").Value;
        function = Remove(function, "s1").Value;
        function.Policies[""].Statements.ShouldHaveSingleItem().Id.ShouldBe("s2");
        Remove(function, "s2").Value.Policies.ShouldBeEmpty();
    }

    [Fact]
    public void Revision_must_be_the_policys_or_before_it_the_targets()
    {
        var function = NewFunction();
        Add(function, "s1", null, "wrong").Error!.Code.ShouldBe(ErrorCode.PreconditionFailed);
        Add(function, "s1", null, "wrong").Error!.Message.ShouldEndWith(
            "Call the GetPolicy API to retrieve the latest Revision Id");
        Add(function, "s1", "prod", "latest-revision").Error!.Code.ShouldBe(ErrorCode.PreconditionFailed);
        Add(function, "s1", "prod", "alias-revision").IsSuccess.ShouldBeTrue();

        var granted = Add(function, "s1", null, "latest-revision").Value;
        var revision = granted.Policies[""].RevisionId;
        Add(granted, "s2", null, "latest-revision").Error!.Code.ShouldBe(ErrorCode.PreconditionFailed);
        var again = Add(granted, "s2", null, revision).Value;
        again.Policies[""].RevisionId.ShouldNotBe(revision);
        Remove(again, "s1", null, revision).Error!.Code.ShouldBe(ErrorCode.PreconditionFailed);
        Remove(again, "s1", null, again.Policies[""].RevisionId).IsSuccess.ShouldBeTrue();

        // An activation under way compares the version's revision: a policy must leave it alone.
        granted.Latest.RevisionId.ShouldBe("latest-revision");
    }

    [Fact]
    public void Policy_is_limited_to_20_KiB()
    {
        var function = NewFunction();
        Error? error = null;
        var count = 0;
        while (error is null)
        {
            var added = Add(function, $"statement-{count++}");
            error = added.Error;
            function = added.IsSuccess ? added.Value : function;
        }

        error.Code.ShouldBe(ErrorCode.PolicyTooLong);
        error.Message.ShouldBe("The final policy size is bigger than the limit (20480).");
        count.ShouldBeInRange(50, 200);
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("222222222222", true)]
    [InlineData("arn:aws:iam::222222222222:root", true)]
    [InlineData("arn:aws:iam::222222222222:user/path/someone", true)]
    [InlineData("arn:aws:iam::222222222222:role/worker", true)]
    [InlineData("arn:aws:sts::222222222222:assumed-role/lambda/hello", true)]
    [InlineData("s3.amazonaws.com", true)]
    [InlineData("alexa-appkit.amazon.com", true)]
    [InlineData("events.amazonaws.com.cn", true)]
    [InlineData("invalid.nonaws.com", false)]
    [InlineData("s3.amazonaws.com.example.org", false)]
    [InlineData("amazonaws.com", false)]
    [InlineData("22222222222", false)]
    [InlineData("someone", false)]
    [InlineData("arn:aws:iam::222222222222:group/g", false)]
    [InlineData("arn:aws:iam::2222:root", false)]
    [InlineData("**", false)]
    public void Principal_is_one_that_can_be(string principal, bool expected)
    {
        var result = Add(NewFunction(), "s1", principal: principal);
        result.IsSuccess.ShouldBe(expected);
        result.Error?.Message.ShouldBe("The provided principal was invalid. Please check the principal and try again.");
    }

    private Result<Function> Add(
        Function? function, string id, string? qualifier = null, string? revision = null, string principal = "*")
    {
        var statement = new PolicyStatement
        {
            Id = id,
            Action = "lambda:InvokeFunction",
            Principal = principal,
            Resource = "",
        };
        var command = new AddPermission { Statement = statement, Qualifier = qualifier, RevisionId = revision };
        return AddPermission.Apply(function, command, Context);
    }

    private Result<Function> Remove(
        Function? function, string id, string? qualifier = null, string? revision = null)
    {
        var command = new RemovePermission { StatementId = id, Qualifier = qualifier, RevisionId = revision };
        return RemovePermission.Apply(function, command, Context);
    }

    internal static Function NewFunction()
    {
        var latest = new FunctionVersion
        {
            Version = FunctionVersion.LatestName,
            Runtime = "nodejs20.x",
            Handler = "index.handler",
            Role = "arn:aws:iam::000000000000:role/lambda",
            Code = new PackageReference(new string('a', 64), 1_000),
            LastModifiedAt = Noon,
            RevisionId = "latest-revision",
        };
        var alias = new Alias { Name = "prod", FunctionVersion = "1", RevisionId = "alias-revision" };
        return new Function
        {
            Id = new FunctionId(AccountId.Root, "hello"),
            Latest = latest,
            Versions = ImmutableSortedDictionary<long, FunctionVersion>.Empty
                .Add(1, latest with { Version = "1", RevisionId = "version-revision" }),
            Aliases = ImmutableSortedDictionary.Create<string, Alias>(StringComparer.Ordinal).Add("prod", alias),
        };
    }
}
