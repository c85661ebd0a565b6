using System.Text;
using Lambent.Kernel.Access;
using Lambent.Kernel.Errors;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Errors;

public sealed class ErrorFingerprintTests
{
    private static readonly FunctionId Function = new(AccountId.Parse("000000000000"), "orders");

    [Theory]
    [InlineData("Order 17 not found", "Order 4711 not found")]
    [InlineData("Order A17 not found", "Order 9fB2 not found")]
    [InlineData("user 'alice' is unknown", "user 'bob smith' is unknown")]
    [InlineData("no \\\"x\\\" in map", "no \\\"longer value\\\" in map")]
    [InlineData("bad id 01a20043-319a-7594-a5f6-2cebf1257439.", "bad id 55555555-319a-7594-a5f6-2cebf1257439.")]
    [InlineData("at 0x7f00aa11: fault", "at 0x1234: fault")]
    [InlineData("cannot read /tmp/a/b.txt", "cannot read /srv/c.csv")]
    [InlineData("connect ECONNREFUSED 127.0.0.1:5432", "connect ECONNREFUSED 10.2.3.4:5433")]
    [InlineData("expired on 2026-11-21T10:00:00Z", "expired on 2025-01-01T23:59:59.123Z")]
    [InlineData("took 12ms", "took 1.5ms")]
    [InlineData("mail to a@example.org failed", "mail to someone.else@example.net failed")]
    [InlineData("GET https://a.example/x?y=1 failed", "GET http://b.example/ failed")]
    [InlineData("commit deadbeefcafe is gone", "commit abcdefabcdef is gone")]
    public void Messages_thatDifferInValues_areOneGroup(string one, string other) =>
        Of(Stacks.Node("Error", one)).ShouldBe(Of(Stacks.Node("Error", other)));

    [Theory]
    [InlineData("Order 17 not found", "Customer 17 not found")]
    [InlineData("can't open it, don't try", "can't close it, don't try")]
    [InlineData("timeout while reading", "timeout while writing")]
    [InlineData("utf8 is wrong", "base64 is wrong")]
    public void Messages_thatDifferInWords_areDifferent(string one, string other) =>
        Of(Stacks.Node("Error", one)).ShouldNotBe(Of(Stacks.Node("Error", other)));

    [Fact]
    public void SameError_ofThreeLanguages_isOneFamily()
    {
        var node = Read(Stacks.Node("OrderNotFoundError", "no order 17"));
        var python = Read(Stacks.Python("shop.errors.OrderNotFoundError", "no order 99"));
        var dotnet = Read(Stacks.Dotnet("OrderNotFoundException", "no order 1"));
        Family(node).ShouldBe(Family(python));
        Family(node).ShouldBe(Family(dotnet));
        (node.Language, python.Language, dotnet.Language).ShouldBe(
            (ErrorLanguage.JavaScript, ErrorLanguage.Python, ErrorLanguage.Dotnet));
        Culprit(node).ShouldBe("load@index.js");
        Culprit(python).ShouldBe("load@app.py");
        Culprit(dotnet).ShouldBe("Shop.Orders.Load");
    }

    [Theory]
    [InlineData("Error", "Exception")]
    [InlineData("System.Exception", "Error")]
    [InlineData("botocore.errorfactory.NoSuchKey", "NoSuchKey")]
    [InlineData("TimeoutError", "System.TimeoutException")]
    public void Types_ofTheSameName_areTheSame(string one, string other) =>
        ErrorFingerprint.CanonicalType(one).ShouldBe(ErrorFingerprint.CanonicalType(other));

    [Fact]
    public void Types_ofOtherNames_areDifferent() =>
        ErrorFingerprint.CanonicalType("ValueError").ShouldNotBe(ErrorFingerprint.CanonicalType("Error"));

    [Fact]
    public void Culprit_staysWhenLinesMove() =>
        Culprit(Read(Stacks.Python("E", "m", line: 12))).ShouldBe(Culprit(Read(Stacks.Python("E", "m", line: 99))));

    [Fact]
    public void Culprit_ofAMinifiedName_isItsFile() =>
        Culprit(Read(Stacks.Node("E", "m", function: "t"))).ShouldBe("@index.js");

    [Fact]
    public void PlatformErrors_areOneFamilyForEachFunction()
    {
        var report = ErrorReader.ReadAnswer(
            """{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 1 Error: timed out after 3.00 seconds"}"""u8,
            OutcomeKind.TimedOut);
        report.Kind.ShouldBe(ErrorKind.Timeout);
        var other = ErrorReader.ReadAnswer(
            """{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 9 Error: timed out after 9.00 seconds"}"""u8,
            OutcomeKind.TimedOut);
        Family(report).ShouldBe(Family(other));
        Family(report).ShouldNotBe(Convert.ToHexString(
            ErrorFingerprint.Of(report, Function with { Name = "billing" }).Family));
    }

    [Fact]
    public void GeneratedIds_ofAnyShape_leaveOneGroup()
    {
        var random = new Random(11);
        var expected = Of(Stacks.Node("E", Message()));
        for (var round = 0; round < 2_000; round++)
        {
            Of(Stacks.Node("E", Message())).ShouldBe(expected);
        }

        string Message() =>
            $"row {random.Next()} of {new Guid(Bytes(16))} at {Convert.ToHexString(Bytes(8))}"
            + $" for '{Convert.ToBase64String(Bytes(random.Next(1, 30)))}' after {random.NextDouble():0.000}s";

        byte[] Bytes(int count)
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    [Fact]
    public void AnyBytes_areReadWithoutFailure()
    {
        var random = new Random(5);
        var seeds = new[] { Stacks.Node("E", "m"), Stacks.Python("E", "m"), Stacks.Dotnet("E", "m") };
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(seeds[round % 3]);
            for (var change = 0; change < 6; change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var report = ErrorReader.ReadAnswer(bytes, OutcomeKind.HandlerError);
            ErrorFingerprint.Of(report, Function).Family.Length.ShouldBe(ErrorFingerprint.FamilyBytes);
            _ = ErrorReader.ReadLog(Encoding.UTF8.GetString(bytes), LineLevel.Error);
        }
    }

    [Fact]
    public void HugeAnswers_areReadInBoundedSize()
    {
        var report = ErrorReader.ReadAnswer(
            Encoding.UTF8.GetBytes(Stacks.Node("E", new string('x', 400_000))), OutcomeKind.HandlerError);
        report.Message.Length.ShouldBe(ErrorReport.MessageLengthMax);
        report.Stack.Length.ShouldBeLessThanOrEqualTo(ErrorReport.StackLengthMax);
        MessagePattern.Of(report.Message).Length.ShouldBeLessThanOrEqualTo(MessagePattern.LengthMax);
    }

    private static string Of(string answer)
    {
        var read = Read(answer);
        return Family(read) + Culprit(read);
    }

    private static ErrorReport Read(string answer) =>
        ErrorReader.ReadAnswer(Encoding.UTF8.GetBytes(answer.ReplaceLineEndings("")), OutcomeKind.HandlerError);

    private static string Family(ErrorReport report) =>
        Convert.ToHexString(ErrorFingerprint.Of(report, Function).Family);

    private static string Culprit(ErrorReport report) => ErrorFingerprint.Of(report, Function).Culprit;
}
