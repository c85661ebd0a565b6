using Lambent.Kernel;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Access;

public sealed class PresignedRequestTests : IAsyncLifetime
{
    private VerifierBench bench = null!;

    public async ValueTask InitializeAsync() => bench = await VerifierBench.CreateAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Presigned_address_gives_its_principal()
    {
        bench.Verify(Presigned()).Value.AccessKeyId.ShouldBe(bench.Key.Id);
    }

    [Theory]
    [InlineData("Qualifier=prod", "Qualifier=live")]
    [InlineData("X-Amz-Expires=600", "X-Amz-Expires=601")]
    [InlineData("X-Amz-Date=20261121T120000Z", "X-Amz-Date=20261121T120001Z")]
    [InlineData("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=HOST")]
    [InlineData("X-Amz-Signature=", "X-Amz-Signature=00")]
    [InlineData("X-Amz-Signature=", "more=1&X-Amz-Signature=")]
    public void Presigned_address_changed_is_refused(string part, string replacement)
    {
        var presigned = Presigned();
        presigned.Query.ShouldContain(part);
        var changed = presigned with
        {
            Query = presigned.Query.Replace(part, replacement, StringComparison.Ordinal),
        };
        bench.Verify(changed).Error!.Code.ShouldBe(ErrorCode.SignatureMismatch);
        bench.Verify(presigned with { Method = "POST" }).Error!.Code.ShouldBe(ErrorCode.SignatureMismatch);
        bench.Verify(presigned with { Path = "/other" }).Error!.Code.ShouldBe(ErrorCode.SignatureMismatch);
        bench.Verify(presigned with { Body = "x" }).Error!.Code.ShouldBe(ErrorCode.SignatureMismatch);
        bench.Verify(presigned.With("host", "other")).Error!.Code.ShouldBe(ErrorCode.SignatureMismatch);
    }

    [Theory]
    [InlineData(600, null)]
    [InlineData(-900, null)]
    [InlineData(601, "Signature expired: 20261121T120000Z is now earlier than 20261121T120001Z "
        + "(20261121T121001Z - 10 min.)")]
    [InlineData(-901, "Signature not yet current: 20261121T120000Z is still later than 20261121T115959Z "
        + "(20261121T114459Z + 15 min.)")]
    public void Presigned_address_is_good_for_as_long_as_it_says(int serverAheadSeconds, string? expected)
    {
        var presigned = Presigned();
        bench.Time.Shift = TimeSpan.FromSeconds(serverAheadSeconds);
        bench.Verify(presigned).Error?.Message.ShouldBe(expected);
        bench.Verify(presigned).IsSuccess.ShouldBe(expected is null);
    }

    [Fact]
    public void Odd_lifetime_is_told_in_seconds()
    {
        var presigned = Presigned(TimeSpan.FromSeconds(90));
        bench.Time.Shift = TimeSpan.FromSeconds(91);
        bench.Verify(presigned).Error!.Message.ShouldEndWith("(20261121T120131Z - 90 sec.)");
    }

    [Fact]
    public void Week_is_the_longest_lifetime()
    {
        bench.Verify(Presigned(TimeSpan.FromDays(7))).IsSuccess.ShouldBeTrue();
        bench.Verify(Presigned(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1))).Error
            .ShouldBe(SignatureErrors.ExpiresInvalid);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("99999999999")]
    public void Lifetime_that_is_no_number_is_refused(string lifetime)
    {
        var presigned = Presigned();
        bench.Verify(presigned with
        {
            Query = presigned.Query.Replace("Expires=600", $"Expires={lifetime}", StringComparison.Ordinal),
        }).Error.ShouldBe(SignatureErrors.ExpiresInvalid);
    }

    [Fact]
    public void Missing_parameters_are_all_told()
    {
        var request = Presigned() with { Query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261121T120000Z" };
        var error = bench.Verify(request).Error!;
        error.Code.ShouldBe(ErrorCode.SignatureIncomplete);
        error.Message.ShouldBe(
            "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include "
            + "'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. "
            + "Re-examine the query-string parameters.");
    }

    [Fact]
    public void Parameter_given_twice_is_refused()
    {
        var presigned = Presigned();
        bench.Verify(presigned with { Query = presigned.Query + "&X-Amz-Credential=x" }).IsSuccess.ShouldBeFalse();
        bench.Verify(presigned with { Query = presigned.Query + "&x-amz-signature=x" }).IsSuccess.ShouldBeFalse();
    }

    [Fact]
    public void Session_signs_addresses_too()
    {
        var function = new Kernel.Functions.FunctionId(Kernel.Access.AccountId.Root, "caller");
        bench.Functions.Add(function);
        var session = bench.Sessions.Issue(function, TimeSpan.FromHours(1));
        var signer = new RequestSigner(
            new SigningCredentials(session.AccessKeyId, session.Secret, session.SessionToken),
            VerifierBench.Region,
            "lambda");
        bench.Verify(Presigned(signer: signer)).Value.Function.ShouldBe(function);
    }

    private TestRequest Presigned(TimeSpan? lifetime = null, RequestSigner? signer = null)
    {
        var uri = (signer ?? bench.Signer).Presign(
            "GET",
            new Uri("http://127.0.0.1:9550/2015-03-31/functions/arn%3Aaws%3Alambda/x?Qualifier=prod"),
            lifetime ?? TimeSpan.FromMinutes(10),
            VerifierBench.Noon);
        return new TestRequest
        {
            Method = "GET",
            Path = uri.AbsolutePath,
            Query = uri.Query[1..],
            Body = "",
            Headers = [new("host", "127.0.0.1:9550")],
        };
    }
}
