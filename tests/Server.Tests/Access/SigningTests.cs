using System.Security.Cryptography;
using System.Text;
using Lambent.Protocol.Signing;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Access;

public sealed class SigningTests
{
    public static TheoryData<PublishedVector> Vectors => [.. PublishedVectors.All];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Published_vector_gives_the_published_signature(PublishedVector vector)
    {
        var (method, target) = Cut(vector.RequestLine, ' ');
        var (path, query) = Cut(target, '?');
        var headers = $"Host:example.amazonaws.com\nX-Amz-Date:{PublishedVectors.Time}\n{vector.Headers}"
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Cut(line, ':'))
            .ToLookup(header => header.First.ToLowerInvariant(), header => header.Second);

        var canonical = new CanonicalRequest(stackalloc byte[16]);
        canonical.AppendMethod(method);
        canonical.AppendPath(path, PathRule.Standard);
        canonical.AppendQuery(query);
        foreach (var name in vector.SignedHeaders.Split(';'))
        {
            canonical.BeginHeader(name);
            foreach (var value in headers[name])
            {
                canonical.AppendHeaderValue(value);
            }

            canonical.EndHeader();
        }

        canonical.AppendSignedHeaders(vector.SignedHeaders);
        canonical.AppendPayloadHash(SHA256.HashData(Encoding.UTF8.GetBytes(vector.Body)));
        Span<byte> hash = stackalloc byte[SignatureNames.HashBytes];
        canonical.Hash(hash);
        canonical.Dispose();

        var key = SigningKey.Derive(PublishedVectors.Secret, "20150830", "us-east-1", "service");
        Span<byte> signature = stackalloc byte[SignatureNames.HashBytes];
        key.Sign(PublishedVectors.Time, hash, signature);
        Convert.ToHexStringLower(signature).ShouldBe(vector.Signature);
        key.Verify(PublishedVectors.Time, hash, vector.Signature).ShouldBeTrue();
    }

    [Fact]
    public void Documented_key_is_derived()
    {
        // The example of AWS's documentation, IAM in us-east-1.
        var key = SigningKey.Derive(PublishedVectors.Secret, "20150830", "us-east-1", "iam");
        var hash = Convert.FromHexString("f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
        Span<byte> signature = stackalloc byte[SignatureNames.HashBytes];
        key.Sign(PublishedVectors.Time, hash, signature);
        Convert.ToHexStringLower(signature)
            .ShouldBe("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
    }

    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("/a/../../b", "/b")]
    [InlineData("/a/b/.", "/a/b")]
    [InlineData("/a/b/./", "/a/b/")]
    [InlineData("/a/b/..", "/a")]
    [InlineData("/a/...", "/a/...")]
    [InlineData("/.hidden/x", "/.hidden/x")]
    [InlineData("/functions/arn%3Aaws%3Alambda/x", "/functions/arn%253Aaws%253Alambda/x")]
    [InlineData("/a%2Fb+c:d", "/a%252Fb%2Bc%3Ad")]
    [InlineData("/%zz", "/%25zz")]
    public void Path_of_a_service_is_normalized_and_encoded_again(string path, string expected) =>
        Canonical(path, PathRule.Standard).ShouldBe(expected);

    [Theory]
    [InlineData("/a//b/../c", "/a//b/../c")]
    [InlineData("/my%20key%2b%7e+1", "/my%20key%2B~%2B1")]
    [InlineData("/%e1%88%b4", "/%E1%88%B4")]
    [InlineData("/100%", "/100%25")]
    public void Path_of_an_object_is_kept_and_encoded_once(string path, string expected) =>
        Canonical(path, PathRule.Verbatim).ShouldBe(expected);

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a=")]
    [InlineData("a&&b=", "a=&b=")]
    [InlineData("b=2&a=1&a=0", "a=0&a=1&b=2")]
    [InlineData("a-b=1&a=2", "a=2&a-b=1")]
    [InlineData("a=b=c", "a=b%3Dc")]
    [InlineData("q=x+y%20z%2b&%7e=%7E", "q=x%20y%20z%2B&~=~")]
    [InlineData("q=%&r=%4", "q=%25&r=%254")]
    [InlineData("k=😀", "k=%F0%9F%98%80")]
    [InlineData("a=%ff", "a=%FF")]
    public void Query_is_decoded_encoded_and_sorted(string query, string expected)
    {
        var canonical = new CanonicalRequest(stackalloc byte[8]);
        canonical.AppendQuery(query);
        Encoding.UTF8.GetString(canonical.Text).ShouldBe(expected + "\n");
        canonical.Dispose();
    }

    [Fact]
    public void Query_with_many_parameters_is_sorted()
    {
        var names = Enumerable.Range(0, 3000).Select(number => $"p{number:D4}=x").ToList();
        var canonical = new CanonicalRequest(stackalloc byte[8]);
        canonical.AppendQuery(string.Join('&', names.AsEnumerable().Reverse()));
        Encoding.UTF8.GetString(canonical.Text).ShouldBe(string.Join('&', names) + "\n");
        canonical.Dispose();
    }

    [Fact]
    public void Query_leaves_the_signature_out()
    {
        var canonical = new CanonicalRequest(stackalloc byte[8]);
        canonical.AppendQuery("X-Amz-Signature=abc&z=1&X-Amz-SignatureX=2", SignatureNames.SignatureParameter);
        Encoding.UTF8.GetString(canonical.Text).ShouldBe("X-Amz-SignatureX=2&z=1\n");
        canonical.Dispose();
    }

    [Theory]
    [InlineData("AKID/20150830/us-east-1/lambda/aws4_request", true)]
    [InlineData("AKID/20150830/us-east-1/lambda/aws4_request/", true)]
    [InlineData("AKID/20150830/us-east-1/lambda", false)]
    [InlineData("AKID/20150830/us-east-1/lambda/aws4_request/x", false)]
    [InlineData("", false)]
    public void Credential_has_exactly_five_parts(string text, bool expected) =>
        CredentialScope.TryParse(text, out _).ShouldBe(expected);

    [Theory]
    [InlineData("20150830T123600Z", true)]
    [InlineData("20150230T123600Z", false)]
    [InlineData("20151330T123600Z", false)]
    [InlineData("20150830T243600Z", false)]
    [InlineData("20150830T123660Z", false)]
    [InlineData("00000101T000000Z", false)]
    [InlineData("20150830 123600Z", false)]
    [InlineData("20150830T123600", false)]
    [InlineData("2015083OT123600Z", false)]
    public void Time_is_read_strictly(string text, bool expected) =>
        SigningTime.TryParse(text, out _).ShouldBe(expected);

    [Fact]
    public void Ring_keeps_few_keys_and_gives_right_ones()
    {
        var ring = new SigningKeyRing(PublishedVectors.Secret);
        for (var round = 0; round < 2; round++)
        {
            for (var day = 1; day <= 20; day++)
            {
                var date = $"201508{day:D2}";
                ring.Get(date, "us-east-1", "lambda").IsFor(date, "us-east-1", "lambda").ShouldBeTrue();
            }
        }

        ring.Get("20150820", "us-east-1", "lambda").ShouldBeSameAs(ring.Get("20150820", "us-east-1", "lambda"));
    }

    [Fact]
    public void Credentials_never_print_their_secret()
    {
        var text = new SigningCredentials("AKIDEXAMPLE", "the-secret", "the-token").ToString();
        text.ShouldNotContain("the-secret");
        text.ShouldNotContain("the-token");
    }

    private static string Canonical(string path, PathRule rule)
    {
        var canonical = new CanonicalRequest(stackalloc byte[8]);
        canonical.AppendPath(path, rule);
        var text = Encoding.UTF8.GetString(canonical.Text);
        canonical.Dispose();
        return text[..^1];
    }

    private static (string First, string Second) Cut(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
    }
}
