using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Access;

public sealed class FunctionUrlsTests
{
    private const string Team = "222222222222";

    private readonly FunctionDirectory directory = new();
    private readonly FunctionUrls urls;

    public FunctionUrlsTests() => urls = new FunctionUrls(() => new Uri("http://127.0.0.1:9550"), directory);

    /// <summary>Account, name, alias, the path.</summary>
    public static TheoryData<string, string, string?, string> Forms => new()
    {
        { "000000000000", "hello", null, "/fn/hello/" },
        { "000000000000", "Hello_World-2", null, "/fn/Hello_World-2/" },
        { "000000000000", "hello", "prod", "/fn/hello:prod/" },
        { Team, "hello", null, "/fn/222222222222:hello/" },
        { Team, "hello", "prod", "/fn/222222222222:hello:prod/" },
        { "000000000000", "123456789012", null, "/fn/123456789012/" },
        { "000000000000", "123456789012", "prod", "/fn/000000000000:123456789012:prod/" },
        { Team, "123456789012", null, "/fn/222222222222:123456789012/" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Address_built_is_read_back(string account, string name, string? alias, string path)
    {
        var id = new FunctionId(AccountId.Parse(account), name);
        urls.Build(id, alias).ShouldBe($"http://127.0.0.1:9550{path}");
        FunctionUrls.TryParsePath(path + "a/b", out var target).ShouldBeTrue();
        target.ShouldBe(new FunctionUrlTarget(id, alias, path.Length - 1));
    }

    [Theory]
    [InlineData("/fn/hello", "")]
    [InlineData("/fn/hello/", "/")]
    [InlineData("/fn/hello//x", "//x")]
    [InlineData("/fn/hello/a%2Fb", "/a%2Fb")]
    [InlineData("/fn/hello%3Aprod/x", "/x")]
    public void Path_of_the_function_follows_its_name(string path, string expected)
    {
        FunctionUrls.TryParsePath(path, out var target).ShouldBeTrue();
        path[target.PathStart..].ShouldBe(expected);
        target.Function.Name.ShouldBe("hello");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/fn")]
    [InlineData("/fn/")]
    [InlineData("/fn//x")]
    [InlineData("/FN/hello/")]
    [InlineData("/fn/:prod/")]
    [InlineData("/fn/hello:/")]
    [InlineData("/fn/a:b:c/")]
    [InlineData("/fn/12345678901:hello:prod/")]
    [InlineData("/fn/222222222222:/")]
    [InlineData("/fn/222222222222:a:b:c/")]
    [InlineData("/fn/he.llo/")]
    [InlineData("/fn/he%20llo/")]
    [InlineData("/fn/%zz/")]
    [InlineData("/fn/hello$/")]
    public void Path_of_another_form_is_none(string path) => FunctionUrls.TryParsePath(path, out _).ShouldBeFalse();

    /// <summary>Host, account, name, alias.</summary>
    public static TheoryData<string, string, string, string?> Hosts => new()
    {
        { "hello.localhost", "000000000000", "hello", null },
        { "hello.localhost:9550", "000000000000", "hello", null },
        { "hello.localhost.:9550", "000000000000", "hello", null },
        { "prod.hello.localhost", "000000000000", "hello", "prod" },
        { "hello.222222222222.localhost:1", Team, "hello", null },
        { "prod.hello.222222222222.localhost", Team, "hello", "prod" },
        { "222222222222.localhost", "000000000000", "222222222222", null },
        { "HELLO.LOCALHOST", "000000000000", "HELLO", null },
    };

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Host_names_a_function(string host, string account, string name, string? alias)
    {
        urls.TryParseHost(host, out var target).ShouldBeTrue();
        target.ShouldBe(new FunctionUrlTarget(new FunctionId(AccountId.Parse(account), name), alias, 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("localhost:9550")]
    [InlineData("127.0.0.1:9550")]
    [InlineData("[::1]:9550")]
    [InlineData(".localhost")]
    [InlineData("hello.example.com")]
    [InlineData("hello.localhost.example.com")]
    [InlineData("a.b.c.localhost")]
    [InlineData("a.b.c.222222222222.localhost")]
    [InlineData("prod..localhost")]
    [InlineData(".hello.localhost")]
    [InlineData("he llo.localhost")]
    public void Host_of_another_form_is_none(string host) => urls.TryParseHost(host, out _).ShouldBeFalse();

    [Fact]
    public void Host_in_any_case_finds_the_function_in_its_own()
    {
        Announce("MixedCase", 1, aliases: "Prod");
        Parse("mixedcase.localhost").Function.Name.ShouldBe("MixedCase");
        Parse("MIXEDCASE.localhost").Function.Name.ShouldBe("MixedCase");
        var target = Parse("prod.mixedcase.localhost");
        target.ShouldBe(new FunctionUrlTarget(new FunctionId(AccountId.Root, "MixedCase"), "Prod", 0));
        Parse("other.mixedcase.localhost").Qualifier.ShouldBe("other");
    }

    [Fact]
    public void Host_finds_the_exact_name_then_the_lower_case_one()
    {
        Announce("Hello", 1);
        Announce("HELLO", 2);
        Parse("hello.localhost").Function.Name.ShouldBe("HELLO");
        Announce("hello", 3);
        Parse("hello.localhost").Function.Name.ShouldBe("hello");
        Parse("Hello.localhost").Function.Name.ShouldBe("Hello");
        directory.Announce(new FunctionId(AccountId.Root, "hello"), 4, null);
        directory.Announce(new FunctionId(AccountId.Root, "HELLO"), 5, null);
        Parse("hello.localhost").Function.Name.ShouldBe("Hello");
        directory.Announce(new FunctionId(AccountId.Root, "Hello"), 6, null);
        Parse("hello.localhost").Function.Name.ShouldBe("hello");
    }

    private FunctionUrlTarget Parse(string host)
    {
        urls.TryParseHost(host, out var target).ShouldBeTrue();
        return target;
    }

    private void Announce(string name, long sequence, params string[] aliases)
    {
        var url = new FunctionUrl
        {
            Auth = FunctionUrlAuth.None,
            CreatedAt = VerifierBench.Noon,
            LastModifiedAt = VerifierBench.Noon,
        };
        var function = AccessServer.NewFunction(new FunctionId(AccountId.Root, name));
        function = function with
        {
            Urls = function.Urls.AddRange(aliases.Select(alias => KeyValuePair.Create(alias, url))),
        };
        directory.Announce(
            function.Id, sequence, new FunctionSnapshot(function, new FunctionArns("us-east-1")));
    }
}
