using System.Globalization;
using Mesh.Client.Consul.Api.Records;
using Mesh.Client.Consul.Registration;
using Mesh.Client.Model;

namespace Mesh.Client.Consul.Discovery;

/// <summary>
/// The weights of one answer. Consul's are whole numbers from 1 on; an instance of the mesh says in its meta where its own is not, as while it warms up. Where one of
/// them has a fraction, all are multiplied so that they are whole and their ratios stay.
/// </summary>
internal sealed class ExactWeights
{
    private const double Scale = 100;

    private readonly List<double> _weights = [];

    /// <summary>Adds the weight of an instance.</summary>
    /// <param name="service">The instance.</param>
    /// <param name="isWarning">Whether one of its checks warns, so that it takes the lesser weight.</param>
    public void Add(ServiceRecord? service, bool isWarning)
    {
        WeightsRecord weights = service?.Weights ?? new WeightsRecord(1, 1);
        double said = isWarning ? weights.Warning : weights.Passing;
        double weight = Exact(service) is { } exact ? (isWarning ? Math.Min(said, exact) : exact) : said;
        _weights.Add(Math.Clamp(weight, 0, MeshMeta.MaxWeight));
    }

    /// <summary>The endpoints, in the order in which their weights were added, with their weights.</summary>
    public void Apply(List<MeshEndpoint> endpoints)
    {
        bool isFractional = _weights.Exists(static w => w != Math.Floor(w));
        double scale = isFractional ? Math.Min(Scale, MeshMeta.MaxWeight / _weights.Max()) : 1;
        for (int i = 0; i < endpoints.Count; i++)
        {
            double weight = _weights[i] * scale;
            endpoints[i] = endpoints[i] with { Weight = weight > 0 ? Math.Clamp((int)Math.Round(weight), 1, MeshMeta.MaxWeight) : 0 };
        }
    }

    private static double? Exact(ServiceRecord? service) =>
        service?.Meta?.GetValueOrDefault(MeshMeta.Weight) is { Length: <= 32 } text
        && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double weight)
        && weight is >= 0 and <= MeshMeta.MaxWeight
            ? weight
            : null;
}
