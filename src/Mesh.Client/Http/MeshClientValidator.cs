using Mesh.Client.Options.Checking;
using Microsoft.Extensions.Options;

namespace Mesh.Client.Http;

/// <summary>Holds what clients set for themselves to the ranges that services have.</summary>
internal sealed class MeshClientValidator : IValidateOptions<MeshClientOptions>
{
    public ValidateOptionsResult Validate(string? name, MeshClientOptions options)
    {
        OptionRules rules = OptionRules.For<MeshClientOptions>();
        string[] faults =
        [
            .. Fault(nameof(options.Timeout), options.Timeout),
            .. Fault(nameof(options.AttemptTimeout), options.AttemptTimeout),
            .. Fault(nameof(options.MaxAttempts), options.MaxAttempts),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        IEnumerable<string> Fault<T>(string property, T? value)
            where T : struct
        {
            if (value is { } set && rules.Problem(property, set) is { } problem)
            {
                yield return $"AddMesh of the HTTP client \"{name}\": {property} {set} {problem}";
            }
        }
    }
}
