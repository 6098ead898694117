/** The models that the server knows, asked for once: there are thousands, and they do not change. */
import type { Connection } from "../client/connection";
import type { Model } from "../protocol";

const asked = new WeakMap<Connection, Promise<readonly Model[] | undefined>>();

/** All models; undefined while no server answers. */
export async function modelsOf(connection: Connection): Promise<readonly Model[] | undefined> {
  const answer = asked.get(connection) ?? connection.models();
  asked.set(connection, answer);
  const models = await answer;
  if (models === undefined && asked.get(connection) === answer) {
    asked.delete(connection);
  }
  return models;
}

/** The model that a setting names, as `gpt-4o` or with its provider, `azure/gpt-4o`. */
export function findModel(models: readonly Model[], name: string): Model | undefined {
  const wanted = name.toLowerCase();
  return (
    models.find((model) => model.name.toLowerCase() === wanted) ??
    models.find((model) => `${model.provider}/${model.name}`.toLowerCase() === wanted)
  );
}
