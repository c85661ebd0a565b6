using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Access;

public sealed class SessionTokensTests : IAsyncLifetime
{
    private static readonly FunctionId Caller = new(AccountId.Parse("222222222222"), "caller_with-a_Name");

    private VerifierBench bench = null!;

    public async ValueTask InitializeAsync()
    {
        bench = await VerifierBench.CreateAsync();
        bench.Functions.Add(Caller);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Session_has_the_form_of_AWS_credentials()
    {
        var session = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1));
        session.AccessKeyId.ShouldMatch("^ASIA[A-Z2-7]{16}$");
        session.Secret.Length.ShouldBe(40);
        session.SessionToken.ShouldMatch("^[A-Za-z0-9_-]+$");
        session.ExpiresAt.ShouldBe(VerifierBench.Noon + TimeSpan.FromHours(1));
        session.ToString().ShouldNotContain(session.Secret);
        session.ToString().ShouldNotContain(session.SessionToken);
    }

    [Fact]
    public void Sessions_of_one_function_differ()
    {
        var one = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1));
        var two = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1));
        one.AccessKeyId.ShouldNotBe(two.AccessKeyId);
        one.Secret.ShouldNotBe(two.Secret);
    }

    [Fact]
    public void Signed_request_gives_the_function_again_and_again()
    {
        var session = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1));
        for (var round = 0; round < 3; round++)
        {
            bench.Verify(Signed(session)).Value
                .ShouldBe(new Principal(Caller.Account, session.AccessKeyId, Caller));
        }
    }

    [Fact]
    public void Session_ends_on_the_second()
    {
        var session = bench.Sessions.Issue(Caller, TimeSpan.FromMinutes(10));
        bench.Time.Shift = TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1);
        bench.Verify(Signed(session)).IsSuccess.ShouldBeTrue();
        bench.Time.Shift = TimeSpan.FromMinutes(10);
        bench.Verify(Signed(session)).Error.ShouldBe(new Error(
            ErrorCode.SessionTokenExpired, "The security token included in the request is expired"));
        bench.Verify(Signed(session)).Error!.Code.ShouldBe(ErrorCode.SessionTokenExpired);
    }

    [Fact]
    public void Token_with_any_character_changed_is_invalid()
    {
        var session = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1));
        for (var index = 0; index < session.SessionToken.Length; index++)
        {
            var token = session.SessionToken.ToCharArray();
            token[index] = token[index] == 'A' ? 'B' : 'A';
            var changed = session with { SessionToken = new string(token) };

            // The last character has bits that mean nothing; a decoder may refuse them or not.
            if (bench.Verify(Signed(changed)).Error is { } error)
            {
                error.Code.ShouldBe(ErrorCode.SessionTokenInvalid);
            }
            else
            {
                index.ShouldBe(session.SessionToken.Length - 1);
            }
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("not base64 ✓")]
    [InlineData("AQAAAAAAAAAA")]
    public void Token_that_is_none_is_invalid(string token)
    {
        var session = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1)) with { SessionToken = token };
        bench.Verify(Signed(session)).Error!.Code.ShouldBe(ErrorCode.SessionTokenInvalid);
    }

    [Fact]
    public void Token_of_any_length_is_no_crash()
    {
        foreach (var length in new[] { 10, 100, 300, 1_000, 10_000 })
        {
            var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(length));
            var session = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1)) with { SessionToken = token };
            bench.Verify(Signed(session)).Error!.Code.ShouldBe(ErrorCode.SessionTokenInvalid);
        }
    }

    [Fact]
    public void Token_of_one_session_is_none_for_the_key_of_another()
    {
        var one = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1));
        var two = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1));
        bench.Verify(Signed(one with { SessionToken = two.SessionToken })).Error!.Code
            .ShouldBe(ErrorCode.SessionTokenInvalid);
        bench.Verify(Signed(one with { Secret = two.Secret })).Error!.Code.ShouldBe(ErrorCode.SignatureMismatch);
    }

    [Fact]
    public void Session_key_without_its_token_is_unknown()
    {
        var session = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1));
        var signer = new RequestSigner(
            new SigningCredentials(session.AccessKeyId, session.Secret), VerifierBench.Region, "lambda");
        bench.Verify(new TestRequest().Sign(signer)).Error!.Code.ShouldBe(ErrorCode.AccessKeyUnknown);
    }

    [Fact]
    public void Long_lived_key_with_a_token_is_refused()
    {
        var session = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1));
        var mixed = session with { AccessKeyId = bench.Key.Id, Secret = bench.Key.Secret };
        bench.Verify(Signed(mixed)).Error!.Code.ShouldBe(ErrorCode.SessionTokenInvalid);
    }

    [Fact]
    public void Session_of_a_deleted_function_is_void()
    {
        var session = bench.Sessions.Issue(Caller, TimeSpan.FromHours(1));
        bench.Verify(Signed(session)).IsSuccess.ShouldBeTrue();
        bench.Functions.Remove(Caller);
        bench.Verify(Signed(session)).Error!.Code.ShouldBe(ErrorCode.SessionTokenInvalid);
    }

    [Fact]
    public void Server_with_another_key_does_not_know_the_session()
    {
        var other = new SessionTokens(RandomNumberGenerator.GetBytes(32), _ => true, bench.Time);
        bench.Verify(Signed(other.Issue(Caller, TimeSpan.FromHours(1)))).Error!.Code
            .ShouldBe(ErrorCode.SessionTokenInvalid);
    }

    [Fact]
    public async Task Key_is_made_once_and_kept()
    {
        var store = new InMemoryStore();
        var first = (await SessionTokens.LoadKeyAsync(store)).Value;
        var second = (await SessionTokens.LoadKeyAsync(store)).Value;
        first.Length.ShouldBe(32);
        second.ShouldBe(first);

        var issued = new SessionTokens(first, _ => true, bench.Time).Issue(Caller, TimeSpan.FromHours(1));
        new SessionTokens(second, _ => true, bench.Time).Verify(issued.AccessKeyId, issued.SessionToken)
            .IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public void Many_sessions_are_verified_although_few_are_remembered()
    {
        var sessions = Enumerable.Range(0, 5_000)
            .Select(_ => bench.Sessions.Issue(Caller, TimeSpan.FromHours(1)))
            .ToList();
        foreach (var session in sessions.Concat(sessions.Take(10)))
        {
            bench.Sessions.Verify(session.AccessKeyId, session.SessionToken).IsSuccess.ShouldBeTrue();
        }
    }

    private TestRequest Signed(SessionCredentials session)
    {
        var signer = new RequestSigner(
            new SigningCredentials(session.AccessKeyId, session.Secret), VerifierBench.Region, "lambda");
        return new TestRequest()
            .With(SignatureNames.SecurityTokenHeader, session.SessionToken)
            .Sign(signer, bench.Time.GetUtcNow());
    }
}
