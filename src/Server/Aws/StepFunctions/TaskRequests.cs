using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What the operations on tasks have in common.</summary>
internal static class TaskRequests
{
    private const int TokenLengthMax = 2_048;

    public static string Token(StepFunctionsCall call) =>
        call.Input.RequiredText("taskToken", 1, TokenLengthMax);

    public static async Task<Result<DataObject>> AnswerAsync(Task<Result<bool>> said) =>
        (await said).Select(_ => DataObject.Empty);
}
