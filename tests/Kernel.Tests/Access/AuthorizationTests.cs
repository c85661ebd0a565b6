using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Access;

public sealed class AuthorizationTests
{
    private const string Owner = "111111111111";
    private const string Other = "222222222222";
    private const string Third = "333333333333";
    private const string Arn = "arn:aws:lambda:us-east-1:111111111111:function:hello";
    private const string Rule = "arn:aws:events:us-east-1:111111111111:rule/daily";

    private static readonly Principal OwnerKey = new(AccountId.Parse(Owner), "AKIAOWNER");
    private static readonly Principal OwnerSession = Session(Owner, "caller");
    private static readonly Principal OtherKey = new(AccountId.Parse(Other), "AKIAOTHER");
    private static readonly Principal OtherSession = Session(Other, "caller");

    /// <summary>Actions, and whether a function's session may do them in its account.</summary>
    public static TheoryData<string, bool> Actions => new()
    {
        { "lambda:InvokeFunction", true },
        { "lambda:InvokeAsync", true },
        { "lambda:InvokeFunctionUrl", true },
        { "lambda:GetFunction", true },
        { "lambda:GetFunctionConfiguration", true },
        { "lambda:GetPolicy", true },
        { "lambda:GetAccountSettings", true },
        { "lambda:ListFunctions", true },
        { "lambda:ListTags", true },
        { "sts:GetCallerIdentity", true },
        { "lambda:CreateFunction", false },
        { "lambda:DeleteFunction", false },
        { "lambda:UpdateFunctionCode", false },
        { "lambda:UpdateFunctionConfiguration", false },
        { "lambda:PublishVersion", false },
        { "lambda:CreateAlias", false },
        { "lambda:UpdateAlias", false },
        { "lambda:DeleteAlias", false },
        { "lambda:AddPermission", false },
        { "lambda:RemovePermission", false },
        { "lambda:PutFunctionConcurrency", false },
        { "lambda:DeleteFunctionConcurrency", false },
        { "lambda:CreateFunctionUrlConfig", false },
        { "lambda:UpdateFunctionUrlConfig", false },
        { "lambda:DeleteFunctionUrlConfig", false },
        { "lambda:TagResource", false },
        { "lambda:UntagResource", false },
        { "lambda:PublishLayerVersion", false },
        { "lambda:DeleteLayerVersion", false },
        { "lambda:Get", true },
        { "lambda:*", false },
        { "sqs:SendMessage", true },
        { "sqs:ReceiveMessage", true },
        { "sqs:DeleteMessage", true },
        { "sqs:ChangeMessageVisibility", true },
        { "sqs:GetQueueUrl", true },
        { "sqs:ListQueues", true },
        { "sqs:CreateQueue", false },
        { "sqs:DeleteQueue", false },
        { "sqs:SetQueueAttributes", false },
        { "sqs:AddPermission", false },
        { "sqs:PurgeQueue", false },
        { "", false },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public void Owner_may_everything_and_its_session_only_call_and_read(string action, bool sessionMay)
    {
        Decide(OwnerKey, action, null).ShouldBe(AccessDecision.AllowedAsOwner);
        Decide(OwnerSession, action, null)
            .ShouldBe(sessionMay ? AccessDecision.AllowedAsSession : AccessDecision.DeniedByIdentity);
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void Other_account_may_nothing_without_a_statement(string action, bool sessionMay)
    {
        Decide(OtherKey, action, null).ShouldBe(AccessDecision.DeniedByResource);
        Decide(OtherKey, action, []).ShouldBe(AccessDecision.DeniedByResource);
        Decide(OtherSession, action, null)
            .ShouldBe(sessionMay ? AccessDecision.DeniedByResource : AccessDecision.DeniedByIdentity);
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void Statement_for_everything_lets_the_key_in_and_the_session_within_its_own_rights(
        string action, bool sessionMay)
    {
        PolicyStatement[] everything = [Statement("*", Other)];
        Decide(OtherKey, action, everything).ShouldBe(AccessDecision.AllowedByPolicy);
        Decide(OtherSession, action, everything)
            .ShouldBe(sessionMay ? AccessDecision.AllowedByPolicy : AccessDecision.DeniedByIdentity);
    }

    [Theory]
    [InlineData("lambda:InvokeFunction", "lambda:InvokeFunction", true)]
    [InlineData("lambda:InvokeFunction", "lambda:invokefunction", true)]
    [InlineData("lambda:*", "lambda:InvokeFunction", true)]
    [InlineData("lambda:Invoke*", "lambda:InvokeFunction", true)]
    [InlineData("lambda:Invoke*", "lambda:InvokeFunctionUrl", true)]
    [InlineData("*", "lambda:InvokeFunction", true)]
    [InlineData("lambda:InvokeFunction", "lambda:InvokeFunctionUrl", false)]
    [InlineData("lambda:InvokeFunctionUrl", "lambda:InvokeFunction", false)]
    [InlineData("lambda:Get*", "lambda:InvokeFunction", false)]
    [InlineData("lambda:Invoke", "lambda:InvokeFunction", false)]
    [InlineData("sqs:*", "lambda:InvokeFunction", false)]
    [InlineData("", "lambda:InvokeFunction", false)]
    public void Statement_is_for_its_action(string granted, string action, bool expected) =>
        Decide(OtherKey, action, [Statement(granted, Other)]).IsAllowed().ShouldBe(expected);

    [Theory]
    [InlineData("*", true, true)]
    [InlineData(Other, true, true)]
    [InlineData("arn:aws:iam::222222222222:root", true, true)]
    [InlineData("arn:aws:sts::222222222222:assumed-role/lambda/caller", false, true)]
    [InlineData("arn:aws:sts::222222222222:assumed-role/lambda/Caller", false, false)]
    [InlineData("arn:aws:sts::222222222222:assumed-role/lambda/*", false, false)]
    [InlineData(Third, false, false)]
    [InlineData("arn:aws:iam::333333333333:root", false, false)]
    [InlineData("arn:aws:iam::222222222222:user/someone", false, false)]
    [InlineData("22222222222*", false, false)]
    [InlineData("events.amazonaws.com", false, false)]
    [InlineData("", false, false)]
    public void Statement_is_for_its_principal(string granted, bool keyMay, bool sessionMay)
    {
        PolicyStatement[] statements = [Statement("lambda:InvokeFunction", granted)];
        Decide(OtherKey, "lambda:InvokeFunction", statements).IsAllowed().ShouldBe(keyMay);
        Decide(OtherSession, "lambda:InvokeFunction", statements).IsAllowed().ShouldBe(sessionMay);
    }

    [Fact]
    public void One_of_several_statements_is_enough_in_any_order()
    {
        PolicyStatement[] statements =
        [
            Statement("lambda:InvokeFunction", Third),
            Statement("lambda:InvokeFunction", Other),
            Statement("lambda:InvokeFunction", "events.amazonaws.com"),
        ];
        Decide(OtherKey, "lambda:InvokeFunction", statements).IsAllowed().ShouldBeTrue();
        Decide(OtherKey, "lambda:InvokeFunction", [.. statements.Reverse()]).IsAllowed().ShouldBeTrue();
    }

    [Fact]
    public void Grants_do_not_add_up_over_statements()
    {
        PolicyStatement[] statements =
        [
            Statement("lambda:InvokeFunction", Third),
            Statement("lambda:GetFunction", Other),
        ];
        Decide(OtherKey, "lambda:InvokeFunction", statements).IsAllowed().ShouldBeFalse();
    }

    [Theory]
    [InlineData(Rule, Rule, true)]
    [InlineData("arn:aws:events:us-east-1:111111111111:rule/*", Rule, true)]
    [InlineData("arn:aws:events:*:111111111111:rule/d?ily", Rule, true)]
    [InlineData("arn:aws:s3:::photos", "arn:aws:s3:::photos", true)]
    [InlineData("arn:aws:s3:::*", "arn:aws:s3:::photos", true)]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:*", $"{Arn}:prod", true)]
    [InlineData("arn:aws:s3:::photos", "arn:aws:s3:::Photos", false)]
    [InlineData("arn:aws:s3:::photos", "arn:aws:s3:::photos2", false)]
    [InlineData("arn:aws:s3*", "arn:aws:s3:::photos", false)]
    [InlineData("arn:*:photos", "arn:aws:s3:::photos", false)]
    [InlineData("arn:aws:events:us-east-1:222222222222:rule/*", Rule, false)]
    [InlineData("arn:aws:s3:::photos", null, false)]
    [InlineData("*", "arn:aws:s3:::photos", false)]
    public void Source_is_compared_part_by_part(string condition, string? source, bool expected)
    {
        var statement = Statement("lambda:InvokeFunction", "events.amazonaws.com") with { SourceArn = condition };
        Decide(Service("events.amazonaws.com", statement) with { SourceArn = source }).IsAllowed().ShouldBe(expected);
    }

    [Theory]
    [InlineData(Owner, Owner, true)]
    [InlineData(Owner, Other, false)]
    [InlineData(Owner, null, false)]
    [InlineData(null, null, true)]
    [InlineData(null, Other, true)]
    public void Source_account_must_be_the_one_named(string? condition, string? source, bool expected)
    {
        var statement = Statement("lambda:InvokeFunction", "s3.amazonaws.com") with { SourceAccount = condition };
        var request = Service("s3.amazonaws.com", statement) with
        {
            SourceAccount = source is null ? null : AccountId.Parse(source),
        };
        Decide(request).IsAllowed().ShouldBe(expected);
    }

    [Theory]
    [InlineData("events.amazonaws.com", "events.amazonaws.com", true)]
    [InlineData("*", "events.amazonaws.com", true)]
    [InlineData("s3.amazonaws.com", "events.amazonaws.com", false)]
    [InlineData(Owner, "events.amazonaws.com", false)]
    public void Service_needs_a_statement_for_itself(string granted, string service, bool expected) =>
        Decide(Service(service, Statement("lambda:InvokeFunction", granted))).IsAllowed().ShouldBe(expected);

    [Fact]
    public void Key_of_an_account_named_like_a_service_is_no_service()
    {
        Decide(OtherKey, "lambda:InvokeFunction", [Statement("lambda:InvokeFunction", "events.amazonaws.com")])
            .IsAllowed().ShouldBeFalse();
    }

    /// <summary>Url kind, statement's principal, its auth type, its via-URL condition, who calls, the result.</summary>
    public static TheoryData<FunctionUrlAuth, string, string?, bool?, string, bool> UrlCalls => new()
    {
        { FunctionUrlAuth.None, "*", "NONE", null, "nobody", true },
        { FunctionUrlAuth.None, "*", null, null, "nobody", true },
        { FunctionUrlAuth.None, "*", "NONE", true, "nobody", true },
        { FunctionUrlAuth.None, "*", "NONE", false, "nobody", false },
        { FunctionUrlAuth.None, "*", "AWS_IAM", null, "nobody", false },
        { FunctionUrlAuth.None, Other, "NONE", null, "nobody", false },
        { FunctionUrlAuth.None, "*", "NONE", null, "other", true },
        { FunctionUrlAuth.AwsIam, "*", "AWS_IAM", null, "nobody", false },
        { FunctionUrlAuth.AwsIam, "*", null, null, "nobody", false },
        { FunctionUrlAuth.AwsIam, "*", "AWS_IAM", null, "other", true },
        { FunctionUrlAuth.AwsIam, Other, "AWS_IAM", null, "other", true },
        { FunctionUrlAuth.AwsIam, Other, "AWS_IAM", null, "other-session", true },
        { FunctionUrlAuth.AwsIam, Third, "AWS_IAM", null, "other", false },
        { FunctionUrlAuth.AwsIam, "*", "NONE", null, "other", false },
        { FunctionUrlAuth.AwsIam, Third, "AWS_IAM", null, "owner", true },
        { FunctionUrlAuth.AwsIam, Third, "AWS_IAM", null, "owner-session", true },
        { FunctionUrlAuth.None, Third, "NONE", null, "nobody", false },
    };

    [Theory]
    [MemberData(nameof(UrlCalls))]
    public void Url_call_needs_a_statement_for_its_kind(
        FunctionUrlAuth auth, string granted, string? authType, bool? viaUrl, string caller, bool expected)
    {
        var statement = Statement("lambda:InvokeFunctionUrl", granted) with
        {
            FunctionUrlAuthType = authType,
            InvokedViaFunctionUrl = viaUrl,
        };
        var request = Request(
            caller switch
            {
                "nobody" => null,
                "other" => OtherKey,
                "other-session" => OtherSession,
                "owner" => OwnerKey,
                _ => OwnerSession,
            },
            "lambda:InvokeFunctionUrl",
            [statement]) with { FunctionUrlAuth = auth };
        Decide(request).IsAllowed().ShouldBe(expected);
    }

    [Theory]
    [InlineData("NONE", null)]
    [InlineData("AWS_IAM", null)]
    [InlineData(null, true)]
    public void Statement_for_urls_is_not_for_calls_by_the_api(string? authType, bool? viaUrl)
    {
        var statement = Statement("lambda:*", "*") with
        {
            FunctionUrlAuthType = authType,
            InvokedViaFunctionUrl = viaUrl,
        };
        Decide(OtherKey, "lambda:InvokeFunction", [statement]).IsAllowed().ShouldBeFalse();
    }

    [Fact]
    public void Condition_on_what_does_not_exist_here_never_holds()
    {
        var organization = Statement("*", "*") with { PrincipalOrganizationId = "o-1234567890" };
        var skill = Statement("*", "*") with { EventSourceToken = "amzn1.ask.skill.1" };
        Decide(OtherKey, "lambda:InvokeFunction", [organization, skill]).IsAllowed().ShouldBeFalse();
    }

    [Fact]
    public void Nobody_gets_nothing_without_a_statement()
    {
        Decide(Request(null, "lambda:InvokeFunction", null)).ShouldBe(AccessDecision.DeniedByResource);
        Decide(Request(null, "lambda:InvokeFunction", [])).ShouldBe(AccessDecision.DeniedByResource);
    }

    [Fact]
    public void Denial_is_worded_as_at_AWS()
    {
        Authorization.ToError(AccessDecision.DeniedByResource, OtherKey, "lambda:InvokeFunction", Arn).ShouldBe(
            new Error(
                ErrorCode.AccessDenied,
                "User: arn:aws:iam::222222222222:root is not authorized to perform: lambda:InvokeFunction on resource: "
                + $"{Arn} because no resource-based policy allows the lambda:InvokeFunction action"));
        Authorization.ToError(AccessDecision.DeniedByIdentity, OwnerSession, "lambda:DeleteFunction", Arn).Message
            .ShouldBe(
                "User: arn:aws:sts::111111111111:assumed-role/lambda/caller is not authorized to perform: "
                + $"lambda:DeleteFunction on resource: {Arn} because no identity-based policy allows the "
                + "lambda:DeleteFunction action");
    }

    private static AccessDecision Decide(Principal principal, string action, PolicyStatement[]? statements) =>
        Decide(Request(principal, action, statements));

    private static AccessDecision Decide(AccessRequest request) => Authorization.Decide(request);

    private static AccessRequest Request(Principal? principal, string action, PolicyStatement[]? statements) => new()
    {
        Action = action,
        Account = AccountId.Parse(Owner),
        Principal = principal,
        Policy = statements is null ? null : new ResourcePolicy { Statements = [.. statements], RevisionId = "1" },
    };

    private static AccessRequest Service(string service, PolicyStatement statement) =>
        Request(null, "lambda:InvokeFunction", [statement]) with { Service = service };

    private static PolicyStatement Statement(string action, string principal) => new()
    {
        Id = "s1",
        Action = action,
        Principal = principal,
        Resource = Arn,
    };

    private static Principal Session(string account, string function)
    {
        var id = AccountId.Parse(account);
        return new Principal(id, "ASIASESSION", new FunctionId(id, function));
    }
}
