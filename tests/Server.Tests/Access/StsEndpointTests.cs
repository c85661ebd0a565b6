using System.Net;
using System.Text;
using System.Xml.Linq;
using Lambent.Protocol.Signing;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Access;

public sealed class StsEndpointTests : IAsyncLifetime
{
    private static readonly XNamespace Xml = "https://sts.amazonaws.com/doc/2011-06-15/";

    private static readonly HttpClient Client = new();

    private AccessServer server = null!;

    public async ValueTask InitializeAsync() => server = await AccessServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("us-east-1")]
    public async Task Identity_is_told_in_the_services_namespace(string region)
    {
        var (status, xml) = await SendAsync("Action=GetCallerIdentity&Version=2011-06-15", region);
        status.ShouldBe(HttpStatusCode.OK);
        xml.Name.ShouldBe(Xml + "GetCallerIdentityResponse");
        var result = xml.Element(Xml + "GetCallerIdentityResult")!;
        result.Elements().Select(element => $"{element.Name.LocalName}={element.Value}").ShouldBe(
            ["Arn=arn:aws:iam::000000000000:root", "UserId=000000000000", "Account=000000000000"]);
        xml.Element(Xml + "ResponseMetadata")!.Element(Xml + "RequestId")!.Value.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("Action=Nonsense&Version=2011-06-15", "InvalidAction", "Could not find operation Nonsense for version")]
    [InlineData("Action=GetCallerIdentity", "InvalidAction", "for version NO_VERSION_SPECIFIED")]
    [InlineData("Action=GetCallerIdentity&Version=1999", "InvalidAction", "for version 1999")]
    [InlineData("Action=AssumeRole&Version=2011-06-15", "InvalidAction", "AssumeRole is not supported by this server")]
    [InlineData("Action=GetSessionToken&Version=2011-06-15", "InvalidAction", "GetSessionToken is not supported")]
    [InlineData("", "MissingAction", "The request must contain the parameter Action.")]
    [InlineData("Action=%00%ff%1F%EF%BF%BF<&Version=x", "InvalidAction", "Could not find operation")]
    public async Task Other_actions_are_refused_in_XML(string form, string code, string text)
    {
        var (status, xml) = await SendAsync(form);
        status.ShouldBe(HttpStatusCode.BadRequest);
        xml.Name.ShouldBe(Xml + "ErrorResponse");
        var error = xml.Element(Xml + "Error")!;
        error.Element(Xml + "Type")!.Value.ShouldBe("Sender");
        error.Element(Xml + "Code")!.Value.ShouldBe(code);
        error.Element(Xml + "Message")!.Value.ShouldContain(text);
        xml.Element(Xml + "RequestId")!.Value.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Form_with_too_many_parameters_is_refused()
    {
        var form = string.Join('&', Enumerable.Range(0, 2_000).Select(number => $"a{number}=1"));
        var (status, xml) = await SendAsync(form);
        status.ShouldBe(HttpStatusCode.BadRequest);
        xml.Element(Xml + "Error")!.Element(Xml + "Code")!.Value.ShouldBe("MalformedInput");
    }

    [Fact]
    public async Task Body_beyond_the_limit_is_refused()
    {
        var (status, _) = await SendAsync(new string('a', 100_000));
        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Changed_form_is_refused()
    {
        using var request = Signed("Action=GetCallerIdentity&Version=2011-06-15", "us-east-1");
        request.Content = Form("Action=GetCallerIdentity&Version=2011-06-15&x=1");
        var (status, xml) = await SendAsync(request);
        status.ShouldBe(HttpStatusCode.Forbidden);
        xml.Element(Xml + "Error")!.Element(Xml + "Code")!.Value.ShouldBe("SignatureDoesNotMatch");
    }

    [Fact]
    public async Task Presigned_identity_tells_who_made_it()
    {
        var uri = new RequestSigner(AccessServer.Credentials(server.Root), "us-east-1", "sts").Presign(
            "GET",
            new Uri($"{server.Address}/?Action=GetCallerIdentity&Version=2011-06-15"),
            TimeSpan.FromMinutes(1),
            server.Time.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        var (status, xml) = await SendAsync(request);
        status.ShouldBe(HttpStatusCode.OK);
        xml.Element(Xml + "GetCallerIdentityResult")!.Element(Xml + "Arn")!.Value
            .ShouldBe("arn:aws:iam::000000000000:root");
    }

    [Fact]
    public async Task Request_for_another_service_is_left_alone()
    {
        using var request = Signed("Action=GetCallerIdentity&Version=2011-06-15", "us-east-1", "lambda");
        using var response = await Client.SendAsync(request);
        (await response.Content.ReadAsStringAsync()).ShouldBe("arn:aws:iam::000000000000:root");
    }

    private Task<(HttpStatusCode Status, XElement Xml)> SendAsync(string form, string region = "us-east-1") =>
        SendAsync(Signed(form, region));

    private static async Task<(HttpStatusCode Status, XElement Xml)> SendAsync(HttpRequestMessage request)
    {
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/xml", text);
        return (response.StatusCode, XElement.Parse(text));
    }

    private HttpRequestMessage Signed(string form, string region, string service = "sts")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, server.Address + "/") { Content = Form(form) };
        new RequestSigner(AccessServer.Credentials(server.Root), region, service)
            .Sign(request, Encoding.UTF8.GetBytes(form), server.Time.GetUtcNow());
        return request;
    }

    private static StringContent Form(string form) =>
        new(form, Encoding.UTF8, "application/x-www-form-urlencoded");
}
