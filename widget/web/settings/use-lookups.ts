// What the sections look up beside the draft: connected accounts, messengers, colleagues.
import { inject, provide, shallowRef, watch, type InjectionKey, type ShallowRef } from "vue";
import { useI18n } from "vue-i18n";
import { ApiError } from "../../../ui/api.ts";
import { widgetApi, type Account, type Colleague, type Messenger } from "../widget-api.ts";

export interface Lookups {
  accounts: ShallowRef<Account[]>;
  messengers: ShallowRef<Messenger[]>;
  colleagues: ShallowRef<Colleague[]>;
}
const key: InjectionKey<Lookups> = Symbol("what the widget's sections look up");

export function provideLookups(): Lookups {
  const { locale } = useI18n();
  const found: Lookups = { accounts: shallowRef([]), messengers: shallowRef([]), colleagues: shallowRef([]) };
  async function load(): Promise<void> {
    try {
      const [accounts, messengers, colleagues] = await Promise.all([
        widgetApi.accounts(),
        widgetApi.messengers(locale.value),
        widgetApi.colleagues(),
      ]);
      found.accounts.value = accounts.items.filter((account) => account.kind !== "widget");
      found.messengers.value = messengers.items.filter((messenger) => messenger.kind !== "widget");
      found.colleagues.value = colleagues.items.filter((colleague) => colleague.active);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // names and marks are missing, the settings are not
    }
  }
  watch(locale, load, { immediate: true });
  provide(key, found);
  return found;
}

export function injectLookups(): Lookups {
  const found = inject(key);
  if (!found) throw new Error("a section stands in the widget's screen");
  return found;
}
