using Lambent.Kernel.Logs;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Logs;

public sealed class LineLevelsTests
{
    [Theory]
    [InlineData("2026-11-21T22:00:00.000Z\t01a20043-319a-7594-a5f6-2cebf1257439\tINFO\thello", LineLevel.Info)]
    [InlineData("2026-11-21T22:00:00.000Z\tundefined\tERROR\tUncaught", LineLevel.Error)]
    [InlineData("[ERROR]\t2026-11-21T22:00:00.000Z\tid\tbroken", LineLevel.Error)]
    [InlineData("[WARNING] careful", LineLevel.Warn)]
    [InlineData("WARNING:root:careful", LineLevel.Warn)]
    [InlineData("fail: Category[0]\n      text", LineLevel.Error)]
    [InlineData("2026-11-21 22:00:00,123 ERROR broken", LineLevel.Error)]
    [InlineData("{\"level\":\"error\",\"a\":1}", LineLevel.Error)]
    [InlineData("{\"nested\":{\"level\":\"error\"},\"severity\":\"WARNING\"}", LineLevel.Warn)]
    [InlineData("{\"level\":50,\"msg\":\"pino\"}", LineLevel.Error)]
    [InlineData("2026-11-21T22:00:00.000Z\t1\tINFO\t{\"level\":\"warn\"}", LineLevel.Warn)]
    [InlineData("No ERROR was found", LineLevel.None)]
    [InlineData("error while reading", LineLevel.None)]
    [InlineData("{\"level\":", LineLevel.None)]
    [InlineData("{\"level\":99999999999}", LineLevel.None)]
    [InlineData("{level}", LineLevel.None)]
    [InlineData("", LineLevel.None)]
    [InlineData(" \t\n", LineLevel.None)]
    [InlineData("\u0000\u001b[31m", LineLevel.None)]
    public void Level_isReadFromTheHeadOrTheJson(string line, LineLevel expected) =>
        LineLevels.Read(line).ShouldBe(expected);

    [Fact]
    public void Any_bytes_areReadWithoutFailure()
    {
        var random = new Random(7);
        var bytes = new byte[200];
        for (var round = 0; round < 20_000; round++)
        {
            random.NextBytes(bytes);
            bytes[0] = round % 2 == 0 ? (byte)'{' : bytes[0];
            Enum.IsDefined(LineLevels.Read(bytes.AsSpan(0, random.Next(bytes.Length)))).ShouldBeTrue();
        }
    }
}
