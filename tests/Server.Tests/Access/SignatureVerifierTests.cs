using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Access;

public sealed class SignatureVerifierTests : IAsyncLifetime
{
    private const string MismatchText =
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        + "Key and signing method. Consult the service documentation for details.";

    private VerifierBench bench = null!;

    public async ValueTask InitializeAsync() => bench = await VerifierBench.CreateAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Signed_request_gives_its_principal(bool sendsHash)
    {
        var request = new TestRequest().Sign(bench.Signer, sendsHash: sendsHash);
        bench.Verify(request).Value.ShouldBe(new Principal(AccountId.Root, bench.Key.Id));
    }

    /// <summary>What is changed after signing; each must break the signature.</summary>
    public static TheoryData<string> Parts => new(
        "method", "path", "path-case", "path-escape", "path-slash", "query-value", "query-name", "query-added",
        "query-removed", "body", "body-added", "header-value", "header-added-value", "host", "date", "signature",
        "signed-headers-fewer", "signed-headers-other", "secret", "signature-short", "signature-empty-hex");

    [Theory]
    [MemberData(nameof(Parts))]
    public void Request_changed_after_signing_is_refused(string part)
    {
        var signed = new TestRequest().Sign(bench.Signer);
        var changed = part switch
        {
            "method" => signed with { Method = "PUT" },
            "path" => signed with { Path = "/2015-03-31/functions/other/invocations" },
            "path-case" => signed with { Path = "/2015-03-31/functions/Hello/invocations" },
            "path-escape" => signed with { Path = "/2015-03-31/functions/%68ello/invocations" },
            "path-slash" => signed with { Path = "/2015-03-31/functions/hello/invocations/" },
            "query-value" => signed with { Query = "Qualifier=live&a=1" },
            "query-name" => signed with { Query = "qualifier=prod&a=1" },
            "query-added" => signed with { Query = "Qualifier=prod&a=1&b" },
            "query-removed" => signed with { Query = "Qualifier=prod" },
            "body" => signed with { Body = "{\"name\":\"World\"}" },
            "body-added" => signed with { Body = signed.Body + " " },
            "header-value" => signed.With("x-amz-invocation-type", "Event"),
            "header-added-value" => signed.Add("x-amz-invocation-type", "Event"),
            "host" => signed.With("host", "127.0.0.1:9551"),
            "date" => signed.With("x-amz-date", "20261121T120001Z"),
            "signature" => signed.With("authorization", FlipLastDigit(signed["authorization"]!)),
            "signed-headers-fewer" => signed.Replace("authorization", ";x-amz-invocation-type", ""),
            "signed-headers-other" => signed.Replace("authorization", "content-type;host", "host;content-type"),
            "secret" => new TestRequest().Sign(new RequestSigner(
                new SigningCredentials(bench.Key.Id, bench.Key.Secret + "x"), VerifierBench.Region, "lambda")),
            "signature-short" => signed.With("authorization", signed["authorization"]![..^2]),
            _ => signed.With("authorization", signed["authorization"]![..^64] + new string('g', 64)),
        };
        var error = bench.Verify(changed).Error.ShouldNotBeNull();
        error.Code.ShouldBe(ErrorCode.SignatureMismatch);
        error.Message.ShouldBe(MismatchText);
    }

    /// <summary>What may differ between the signing and the arrival.</summary>
    [Fact]
    public void Equal_requests_spelled_differently_are_accepted()
    {
        var signed = new TestRequest { Query = "b=x%20y&a=%7e1" }.Sign(bench.Signer);
        bench.Verify(signed with { Query = "a=~1&b=x+y" }).IsSuccess.ShouldBeTrue();
        bench.Verify(signed with { Path = "//2015-03-31/./functions/x/../hello//invocations" })
            .IsSuccess.ShouldBeTrue();
        bench.Verify(signed.With("content-type", "  application/json ")).IsSuccess.ShouldBeTrue();
        bench.Verify(signed.Add("user-agent", "unsigned")).IsSuccess.ShouldBeTrue();
        bench.Verify(signed.Replace("authorization", ", ", ",")).IsSuccess.ShouldBeTrue();
    }

    [Theory]
    [InlineData(-15 * 60, null)]
    [InlineData(15 * 60, null)]
    [InlineData(
        15 * 60 + 1,
        "Signature expired: 20261121T120000Z is now earlier than 20261121T120001Z (20261121T121501Z - 15 min.)")]
    [InlineData(
        -15 * 60 - 1,
        "Signature not yet current: 20261121T120000Z is still later than 20261121T115959Z "
        + "(20261121T114459Z + 15 min.)")]
    public void Clock_may_differ_by_15_minutes(int serverAheadSeconds, string? expected)
    {
        var signed = new TestRequest().Sign(bench.Signer);
        bench.Time.Shift = TimeSpan.FromSeconds(serverAheadSeconds);
        var error = bench.Verify(signed).Error;
        error?.Code.ShouldBe(ErrorCode.SignatureExpired);
        error?.Message.ShouldBe(expected);
        (error is null).ShouldBe(expected is null);
    }

    /// <summary>The header's text, with KEY for the key's id, and what is wrong with it.</summary>
    public static TheoryData<string, ErrorCode, string> Headers
    {
        get
        {
            const string Signature = "Signature=0000000000000000000000000000000000000000000000000000000000000000";
            const string Scope = "20261121/eu-west-1/lambda/aws4_request";
            const string Rest = $"SignedHeaders=host;x-amz-date, {Signature}";
            return new TheoryData<string, ErrorCode, string>
            {
                { "Bearer abc", ErrorCode.SignatureIncomplete, "Invalid key=value pair (missing equal-sign) in" },
                { "AWS4-HMAC-SHA256 Credential", ErrorCode.SignatureIncomplete, "Invalid key=value pair" },
                { "Basic", ErrorCode.SignatureIncomplete, "Authorization header requires 'Credential' parameter. "
                    + "Authorization header requires 'Signature' parameter. "
                    + "Authorization header requires 'SignedHeaders' parameter. (Hashed with SHA-256" },
                { $"AWS4-HMAC-SHA256 Credential=KEY/{Scope}, SignedHeaders=host", ErrorCode.SignatureIncomplete,
                    "Authorization header requires 'Signature' parameter. (Hashed" },
                { $"AWS4-HMAC-SHA512 Credential=KEY/{Scope}, {Rest}", ErrorCode.SignatureIncomplete,
                    "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'" },
                { $"AWS4-HMAC-SHA256 Credential=KEY/20261121/eu-west-1/lambda, {Rest}", ErrorCode.SignatureIncomplete,
                    "Credential must have exactly 5 slash-delimited elements" },
                { $"AWS4-HMAC-SHA256 Credential=KEY/20261121/us-east-1/lambda/aws4_request, {Rest}",
                    ErrorCode.RegionMismatch, "Credential should be scoped to a valid region, not 'us-east-1'. "
                    + "This server's region is 'eu-west-1'." },
                { $"AWS4-HMAC-SHA256 Credential=KEY/20261121/eu-west-1/sqs/aws4_request, {Rest}",
                    ErrorCode.SignatureMismatch, "Credential should be scoped to correct service: 'lambda'." },
                { $"AWS4-HMAC-SHA256 Credential=KEY/20261121/eu-west-1/lambda/aws5_request, {Rest}",
                    ErrorCode.SignatureMismatch, "with a valid terminator: 'aws4_request', not 'aws5_request'." },
                { $"AWS4-HMAC-SHA256 Credential=KEY/20261120/eu-west-1/lambda/aws4_request, {Rest}",
                    ErrorCode.SignatureMismatch, "Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                    + "version of date from HTTP: '20261120' != '20261121', from '20261121T120000Z'." },
                { $"AWS4-HMAC-SHA256 Credential=AKIAUNKNOWN/{Scope}, {Rest}", ErrorCode.AccessKeyUnknown,
                    "The security token included in the request is invalid." },
                { $"AWS4-HMAC-SHA256 Credential=KEY/{Scope}, SignedHeaders=x-amz-date, {Signature}",
                    ErrorCode.SignatureMismatch, "'Host' or ':authority' must be a 'SignedHeader'" },
                { $"AWS4-HMAC-SHA256 Credential=KEY/{Scope}, SignedHeaders=host;missing, {Signature}",
                    ErrorCode.SignatureIncomplete,
                    "'missing' is named as a SignedHeader, but it does not exist in the HTTP request." },
                { $"AWS4-HMAC-SHA256 Credential=KEY/{Scope}, {Rest}", ErrorCode.SignatureMismatch, MismatchText },
                { $"AWS4-HMAC-SHA256 Credential=KEY/{Scope}, SignedHeaders=host, Signature=abc",
                    ErrorCode.SignatureMismatch, MismatchText },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public void Header_that_is_wrong_is_told_what_is_wrong(string authorization, ErrorCode code, string text)
    {
        var request = new TestRequest()
            .With("x-amz-date", "20261121T120000Z")
            .With("authorization", authorization.Replace("KEY", bench.Key.Id, StringComparison.Ordinal));
        var error = bench.Verify(request).Error.ShouldNotBeNull();
        error.Code.ShouldBe(code);
        error.Message.ShouldContain(text);
        error.Message.ShouldNotContain("Bearer");
    }

    [Theory]
    [InlineData("20261121T12000Z")]
    [InlineData("20261121T120000Z,20261121T120000Z")]
    [InlineData("Saturday")]
    public void Date_that_is_no_date_is_refused(string date)
    {
        var error = bench.Verify(new TestRequest().Sign(bench.Signer).With("x-amz-date", date)).Error;
        error!.Code.ShouldBe(ErrorCode.SignatureIncomplete);
        error.Message.ShouldBe(
            $"Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601");
    }

    [Fact]
    public void Date_header_of_HTTP_serves_when_there_is_no_other()
    {
        var headers = new TestRequest().With("date", "Sat, 21 Nov 2026 12:00:00 GMT");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(headers.Body)));
        var authorization = bench.Signer.Authorize(
            headers.Method, headers.Path, headers.Query, headers.Headers, hash, VerifierBench.Noon);
        bench.Verify(headers.With("authorization", authorization)).IsSuccess.ShouldBeTrue();

        var error = bench.Verify(headers.With("authorization", authorization).With("date", null)).Error;
        error!.Message.ShouldStartWith("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date'");
    }

    [Fact]
    public void Unsigned_request_misses_its_token()
    {
        bench.Verify(new TestRequest()).Error
            .ShouldBe(new Error(ErrorCode.AuthenticationMissing, "Missing Authentication Token"));
    }

    [Fact]
    public void Both_forms_at_once_are_refused()
    {
        var signed = new TestRequest { Query = "X-Amz-Algorithm=AWS4-HMAC-SHA256" }.Sign(bench.Signer);
        bench.Verify(signed).Error!.Message.ShouldBe(
            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
    }

    [Theory]
    [InlineData("UNSIGNED-PAYLOAD")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER")]
    [InlineData("")]
    [InlineData("abc")]
    public void Payload_hash_that_is_none_is_refused_although_signed(string hash)
    {
        var error = bench.Verify(new TestRequest().Sign(bench.Signer, sendsHash: true, hash: hash)).Error;
        error!.Code.ShouldBe(ErrorCode.SignatureIncomplete);
        error.Message.ShouldContain(hash);
    }

    [Fact]
    public void Unsigned_payload_is_taken_where_the_service_takes_it()
    {
        var signed = new TestRequest().Sign(bench.Signer, sendsHash: true, hash: SignatureNames.UnsignedPayload);
        var verifier = bench.Create(
            new SignatureScope(VerifierBench.Region, "lambda") { AcceptsUnsignedPayload = true });
        verifier.Verify(signed.ToContext(), "anything"u8).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public void Claimed_hash_of_another_body_is_refused()
    {
        var signed = new TestRequest().Sign(bench.Signer, sendsHash: true) with { Body = "other" };
        bench.Verify(signed).Error!.Message.ShouldBe(
            "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }

    [Fact]
    public void Head_is_verified_before_the_body_when_the_hash_is_claimed()
    {
        var signed = new TestRequest().Sign(bench.Signer, sendsHash: true);
        var head = bench.Verifier.VerifyHead(signed.ToContext()).Value;
        head.Principal.AccessKeyId.ShouldBe(bench.Key.Id);
        SignatureVerifier.IsPayload(head.PayloadHash!, Encoding.UTF8.GetBytes(signed.Body)).ShouldBeTrue();
        SignatureVerifier.IsPayload(head.PayloadHash!, "other"u8).ShouldBeFalse();

        bench.Verifier.VerifyHead((signed with { Method = "PUT" }).ToContext()).Error!.Code
            .ShouldBe(ErrorCode.SignatureMismatch);
    }

    [Fact]
    public void Head_without_hash_still_tells_unknown_callers()
    {
        var signed = new TestRequest().Sign(bench.Signer);
        bench.Verifier.VerifyHead(signed.ToContext()).Value.PayloadHash.ShouldBeNull();

        var stranger = VerifierBench.SignerFor(bench.Key with { Id = "AKIASTRANGER" });
        bench.Verifier.VerifyHead(new TestRequest().Sign(stranger).ToContext()).Error!.Code
            .ShouldBe(ErrorCode.AccessKeyUnknown);
    }

    [Fact]
    public void Absolute_target_of_a_proxy_is_verified_by_its_path()
    {
        var signed = new TestRequest().Sign(bench.Signer);
        bench.Verify(signed with { Path = "http://127.0.0.1:9550" + signed.Path }).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Key_works_from_its_creation_to_its_deletion()
    {
        var created = (await bench.Accounts.CreateAsync("team")).Value;
        var signer = VerifierBench.SignerFor(created.Key);
        bench.Verify(new TestRequest().Sign(signer)).Value.Account.ShouldBe(created.Account.Id);

        var second = (await bench.Accounts.CreateKeyAsync(created.Account.Id)).Value;
        bench.Verify(new TestRequest().Sign(VerifierBench.SignerFor(second))).IsSuccess.ShouldBeTrue();

        (await bench.Accounts.DeleteKeyAsync(created.Account.Id, created.Key.Id)).IsSuccess.ShouldBeTrue();
        bench.Verify(new TestRequest().Sign(signer)).Error!.Code.ShouldBe(ErrorCode.AccessKeyUnknown);
        bench.Verify(new TestRequest().Sign(VerifierBench.SignerFor(second))).IsSuccess.ShouldBeTrue();

        (await bench.Accounts.DeleteAsync(created.Account.Id)).IsSuccess.ShouldBeTrue();
        bench.Verify(new TestRequest().Sign(VerifierBench.SignerFor(second))).IsSuccess.ShouldBeFalse();
    }

    [Fact]
    public void Global_service_takes_signatures_for_the_first_region()
    {
        var signer = new RequestSigner(new SigningCredentials(bench.Key.Id, bench.Key.Secret), "us-east-1", "sts");
        var signed = new TestRequest().Sign(signer);
        var scope = new SignatureScope(VerifierBench.Region, "sts");
        bench.Create(scope with { AcceptsGlobalRegion = true })
            .Verify(signed.ToContext(), Encoding.UTF8.GetBytes(signed.Body)).IsSuccess.ShouldBeTrue();
        bench.Create(scope)
            .Verify(signed.ToContext(), Encoding.UTF8.GetBytes(signed.Body)).Error!.Code
            .ShouldBe(ErrorCode.RegionMismatch);
    }

    private static string FlipLastDigit(string text) => text[..^1] + (text[^1] == '0' ? '1' : '0');
}
